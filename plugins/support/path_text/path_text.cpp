#include "path_text/path_text.h"

#include "json_text/json_text.h"

namespace weir::plugins {

bool is_wild_path(std::string_view path) {
  for (std::size_t at = 0; at < path.size();) {
    if (path[at] == '*') return true;
    at = path[at] == '"' ? string_end(path, at) : at + 1;
  }
  return false;
}

std::vector<std::string> object_paths(std::string_view path) {
  std::vector<std::string> objects;
  for (std::size_t at = 0; at < path.size();) {
    const std::string_view rest = path.substr(at);
    const bool begins_name = (rest.starts_with('.') && !rest.starts_with(".*")) || rest.starts_with("[\"");
    const std::string_view before = path.substr(0, at);
    if (begins_name && !before.empty() && !before.ends_with("**")) objects.emplace_back(before);
    at = path[at] == '"' ? string_end(path, at) : at + 1;
  }
  return objects;
}

std::string member_path(std::string_view name) {
  std::string path = "[";
  append_json_string(path, name);
  return path += ']';
}

}  // namespace weir::plugins
