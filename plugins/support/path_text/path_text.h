#pragma once
#include <string>
#include <string_view>

namespace weir::plugins {

/// Whether a path that the host takes holds `*` or `**` outside quoted names: it may name several places.
[[nodiscard]] bool is_wild_path(std::string_view path);

/// The path of a member of the root, whatever its name holds: mpid → ["mpid"].
[[nodiscard]] std::string member_path(std::string_view name);

}  // namespace weir::plugins
