#pragma once
#include <optional>
#include <string_view>

#include "spec/node.h"

namespace weir::host::spec {

/// JSON text (RFC 8259), such as a field's default, as a node, so that it goes the way of a written value: numbers keep their text, names
/// may repeat, marks are 0:0. Nothing: not JSON, or deeper than 64 lists and objects.
[[nodiscard]] std::optional<Node> parse_json(std::string_view json);

}  // namespace weir::host::spec
