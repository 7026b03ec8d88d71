#pragma once
#include <string>
#include <vector>

namespace weir::plugins {

/// The paths under which a file of this path, or what it was copied from, may have been found before it was rotated: "a.log.2",
/// "a.log.1", "a.log", "a" of "a.log.2.gz". Nearest first.
[[nodiscard]] std::vector<std::string> earlier_names(const std::string& path);

/// Whether a rotation may have moved a file from one path to the other, or left it where it was.
[[nodiscard]] bool may_have_moved(const std::string& from, const std::string& to);
/// Whether the name says that the contents are compressed.
[[nodiscard]] bool is_packed(const std::string& path);

}  // namespace weir::plugins
