#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir::plugins {

/// Whether a path that the host takes holds `*` or `**` outside quoted names: it may name several places.
[[nodiscard]] bool is_wild_path(std::string_view path);

/// The parts of a path that a name follows, so that objects have to stand there: a.b[0].c → a, a.b[0]. Not behind `**`, which passes
/// through everything.
[[nodiscard]] std::vector<std::string> object_paths(std::string_view path);

/// The path of a member of the root, whatever its name holds: mpid → ["mpid"].
[[nodiscard]] std::string member_path(std::string_view name);

}  // namespace weir::plugins
