#include "spec/each_value.h"

#include <algorithm>

namespace weir::host::spec {
namespace {

template <typename AnyValue, typename Visit>
void visit_all(const std::vector<Field>& fields, AnyValue& object, const Visit& visit);

/// `shape`: which of the field's flags WEIR_MAP and WEIR_LIST still stand for a level of `value`.
template <typename AnyValue, typename Visit>
void visit_value(const Field& field, std::uint32_t shape, AnyValue& value, const Visit& visit) {
  if ((shape & WEIR_MAP) != 0) {
    for (auto& [name, member] : value.members) visit_value(field, shape & ~WEIR_MAP, member, visit);
    return;
  }
  if ((shape & WEIR_LIST) != 0) {
    for (auto& item : value.items) visit_value(field, 0, item, visit);
    return;
  }
  visit_all(field.fields, value, visit);
  visit(field, value);
}

template <typename AnyValue, typename Visit>
void visit_all(const std::vector<Field>& fields, AnyValue& object, const Visit& visit) {
  for (const Field& field : fields) {
    const auto member = std::find_if(object.members.begin(), object.members.end(),
                                     [&](const Value::Member& each) { return each.name == field.name; });
    if (member != object.members.end()) visit_value(field, field.flags, member->value, visit);
  }
}

}  // namespace

void each_value(const std::vector<Field>& fields, const Value& object, const FieldVisit& visit) {
  visit_all(fields, object, visit);
}

void edit_each_value(const std::vector<Field>& fields, Value& object, const FieldEdit& edit) {
  visit_all(fields, object, edit);
}

}  // namespace weir::host::spec
