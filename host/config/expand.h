#pragma once
#include "config/raw_tree.h"
#include "config/substitute.h"

namespace weir::host::config {

/// Makes documents of the raw ones: aliases repeated, ${…} replaced, what begins with `x-` in a root left out (it is never looked
/// into, but for limits and anchors). Throws Refused when the limits of nodes, depth or text are passed.
[[nodiscard]] std::vector<spec::Node> expand(const RawTree& tree, const Limits& limits, Substitution& substitution,
                                             std::vector<Complaint>& complaints);

}  // namespace weir::host::config
