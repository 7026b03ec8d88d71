#pragma once
#include <cstdint>

namespace weir::host::spec {

/// Type of a pipeline's own field that holds a component of this kind. Never in a plugin's table.
constexpr std::uint32_t component_type(std::uint32_t kind) { return 0x100u + kind; }
constexpr bool is_component(std::uint32_t type) { return type > 0x100u; }
constexpr std::uint32_t component_kind(std::uint32_t type) { return type - 0x100u; }

}  // namespace weir::host::spec
