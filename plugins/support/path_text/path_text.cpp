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

std::string member_path(std::string_view name) {
  std::string path = "[";
  append_json_string(path, name);
  return path += ']';
}

}  // namespace weir::plugins
