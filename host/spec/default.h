#pragma once
#include <optional>
#include <string_view>

#include "spec/node.h"

namespace weir::host::spec {

/// A field's default (JSON text) as a node, so that it goes the way of a written value; marks are 0:0. Nothing: not JSON.
[[nodiscard]] std::optional<Node> parse_default(std::string_view json);

}  // namespace weir::host::spec
