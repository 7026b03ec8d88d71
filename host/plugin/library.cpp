#include "plugin/library.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <utility>

#include "plugin/detach.h"

namespace weir::host::plugin {
namespace {

struct Library {
  std::string path;
  FileId id;
  boost::dll::shared_library handle;
  const weir_plugin* plugin = nullptr;
  bool on_file = true;  // what is done to its file reaches it
};

/// Every library of the process; never destroyed, since its elements would unload.
std::deque<Library>& loaded_libraries() {
  static auto& all = *std::make_unique<std::deque<Library>>().release();
  return all;
}

Status failed(const char* doing) {
  return Status::data(std::string("cannot be loaded: ") + doing + ": " + std::strerror(errno));
}

/// A path that leads to a copy of the file as it is now, for as long as the process lives. The loader remembers that path, so no other
/// copy may ever have it: the descriptor stays open.
Result<std::string> copy_in_memory(const std::string& file) {
  const int from = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (from < 0) return failed("open");
  const int to = ::memfd_create(std::filesystem::path(file).filename().c_str(), MFD_CLOEXEC);
  ssize_t copied = to < 0 ? -1 : 1;
  while (copied > 0) copied = ::sendfile(to, from, nullptr, 1u << 30);
  const int error = errno;
  ::close(from);
  if (copied == 0) return "/proc/self/fd/" + std::to_string(to);
  if (to >= 0) ::close(to);
  errno = error;
  return failed("copy");
}

Result<const weir_plugin*> open_library(const std::string& file, Library& library) {
  using boost::dll::load_mode::rtld_local;
  using boost::dll::load_mode::rtld_now;
  try {
    library.handle.load(file, rtld_now | rtld_local);
    return &library.handle.get<const weir_plugin>("weir_plugin_v0");
  } catch (const std::exception& error) {
    return Status::data(std::string("cannot be loaded: ") + error.what());
  }
}

/// The changed file, from a copy that was verified like the file.
Result<const weir_plugin*> open_copy(const std::string& file, Library& library) {
  const auto copy = copy_in_memory(file);
  if (!copy) return copy.status();
  if (const auto good = verify_file(*copy); !good) return good.status();
  return open_library(*copy, library);
}

}  // namespace

Result<const weir_plugin*> load_library(const std::string& file, const FileId& id) {
  Library library{std::filesystem::absolute(file).lexically_normal().string(), id, {}, nullptr, true};
  bool replaces = false;
  for (const Library& known : loaded_libraries()) {
    if (known.id == id) return known.plugin;
    replaces = replaces || known.path == library.path || known.id.is_same_file(id);
  }
  const auto plugin = replaces ? open_copy(file, library) : open_library(library.path, library);
  if (!plugin) return plugin.status();
  library.plugin = *plugin;
  library.on_file = !replaces;
  loaded_libraries().push_back(std::move(library));
  return *plugin;
}

void detach_library(const weir_plugin& plugin) {
  static const bool keeps = std::getenv("WEIR_KEEP_MAPPED") != nullptr;
  if (keeps) return;
  for (Library& library : loaded_libraries()) {
    if (library.plugin == &plugin && std::exchange(library.on_file, false)) detach_from_file(library.handle.native());
  }
}

}  // namespace weir::host::plugin
