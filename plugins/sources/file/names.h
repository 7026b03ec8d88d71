#pragma once
#include <string>
#include <vector>

namespace weir::plugins {

/// The paths under which a file of this path, or what it was copied from, may have been found before it was rotated: "a.log.2",
/// "a.log.1", "a.log", "a" of "a.log.2.gz". Nearest first.
[[nodiscard]] std::vector<std::string> earlier_names(const std::string& path);

/// Whether the name says that the contents are compressed.
[[nodiscard]] bool is_packed(const std::string& path);

}  // namespace weir::plugins
