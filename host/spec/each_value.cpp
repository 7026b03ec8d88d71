#include "spec/each_value.h"

namespace weir::host::spec {
namespace {

/// `shape`: which of the field's flags WEIR_MAP and WEIR_LIST still stand for a level of `value`.
void visit_value(const Field& field, std::uint32_t shape, const Value& value, const FieldVisit& visit) {
  if ((shape & WEIR_MAP) != 0) {
    for (const auto& [name, member] : value.members) visit_value(field, shape & ~WEIR_MAP, member, visit);
    return;
  }
  if ((shape & WEIR_LIST) != 0) {
    for (const Value& item : value.items) visit_value(field, 0, item, visit);
    return;
  }
  each_value(field.fields, value, visit);
  visit(field, value);
}

}  // namespace

void each_value(const std::vector<Field>& fields, const Value& object, const FieldVisit& visit) {
  for (const Field& field : fields) {
    if (const Value* value = object.at(field.name); value != nullptr) visit_value(field, field.flags, *value, visit);
  }
}

}  // namespace weir::host::spec
