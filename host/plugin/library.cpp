#include "plugin/library.h"

#include <boost/dll/shared_library.hpp>
#include <deque>
#include <filesystem>

namespace weir::host::plugin {
namespace {

/// Every library of the process; never destroyed, since its elements would unload.
std::deque<boost::dll::shared_library>& loaded_libraries() {
  static auto& all = *std::make_unique<std::deque<boost::dll::shared_library>>().release();
  return all;
}

}  // namespace

Result<const weir_plugin*> load_library(const std::string& file) {
  using boost::dll::load_mode::rtld_local;
  using boost::dll::load_mode::rtld_now;
  try {
    boost::dll::shared_library library(std::filesystem::absolute(file), rtld_now | rtld_local);
    const weir_plugin* const plugin = &library.get<const weir_plugin>("weir_plugin_v0");
    loaded_libraries().push_back(std::move(library));
    return plugin;
  } catch (const std::exception& error) {
    return Status::data(std::string("cannot be loaded: ") + error.what());
  }
}

}  // namespace weir::host::plugin
