#include <cstdlib>
#include <filesystem>

#include "plugin/registry.h"

namespace weir::host {
namespace {

/// Folders beside the program: that of a build tree and that of an installed one. Only those that are there.
void add_own(std::vector<PluginFolder>& folders) {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return;
  for (const char* relative : {"../plugins", "../lib/weir/plugins"}) {
    const auto path = (program.parent_path() / relative).lexically_normal();
    if (std::filesystem::is_directory(path, error)) folders.push_back({path.string(), true});
  }
}

void add_from_environment(std::vector<PluginFolder>& folders) {
  const char* variable = std::getenv("WEIR_PLUGINS");
  std::string_view rest = variable == nullptr ? "" : variable;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    if (end > 0) folders.push_back({std::string(rest.substr(0, end)), false});
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

std::vector<PluginFolder> plugin_folders(const std::vector<std::string>& from_command_line) {
  std::vector<PluginFolder> folders;
  add_own(folders);
  for (const std::string& path : from_command_line) folders.push_back({path, false});
  add_from_environment(folders);
  return folders;
}

}  // namespace weir::host
