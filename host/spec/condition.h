#pragma once
#include <memory>

#include "json/condition.h"
#include "spec/check.h"

namespace weir::host::spec {

/// A mapping as a condition (design section 7, "Conditions"): one of all, any, not, or a field with one operator. Errors go to the
/// checker; what is returned beside one is not to be used.
[[nodiscard]] std::shared_ptr<const json::ConditionExpr> check_condition(const Field& field, const Node& node,
                                                                         Checker& checker);

}  // namespace weir::host::spec
