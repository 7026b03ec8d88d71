#pragma once
#include <functional>
#include <vector>

#include "spec/field.h"
#include "spec/value.h"

namespace weir::host::spec {

using FieldVisit = std::function<void(const Field& field, const Value& value)>;

/// Visits every value that a field of `fields` has in `object`, those in nested fields, lists and maps too: of a list or map each member.
void each_value(const std::vector<Field>& fields, const Value& object, const FieldVisit& visit);

using FieldEdit = std::function<void(const Field& field, Value& value)>;

/// The same for values that may be changed.
void edit_each_value(const std::vector<Field>& fields, Value& object, const FieldEdit& edit);

}  // namespace weir::host::spec
