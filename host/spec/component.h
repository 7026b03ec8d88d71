#pragma once
#include <optional>

#include "spec/check.h"
#include "spec/pipeline_fields.h"
#include "spec/pipeline_spec.h"

namespace weir::host::spec {

/// The mapping of a component against the catalog and its table. `name` is left empty for a transform that has none. Nothing: what
/// is wrong went to the checker, or (--no-env) its type is not known.
[[nodiscard]] std::optional<ComponentSpec> check_component(Role role, const Node& node, const Catalog& catalog,
                                                           Checker& checker);

}  // namespace weir::host::spec
