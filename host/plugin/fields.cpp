#include "plugin/fields.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "spec/json_node.h"

namespace weir::host::plugin {
namespace {

constexpr std::size_t kMaxFields = 1000;
constexpr std::size_t kMaxChoices = 1000;
constexpr int kMaxDepth = 8;
/// Keys of a component's mapping that are the host's own (design section 7). A predicate's name stands before its mapping, so `name` is
/// free there.
constexpr std::array<std::string_view, 7> kReserved{"type", "name", "predicate", "negate", "privacy", "payload", "at"};

bool is_hosts_own(std::string_view field, std::uint32_t kind) {
  if (kind == WEIR_PREDICATE && field == "name") return false;
  return std::find(kReserved.begin(), kReserved.end(), field) != kReserved.end();
}

bool is_known_type(std::uint32_t type) { return type <= WEIR_OBJECT || (type >= WEIR_DURATION && type <= WEIR_ANY); }

/// Reads field tables whose elements lie `stride` bytes apart, as the plugin's compiler laid them out.
class FieldReader {
 public:
  FieldReader(std::uint32_t kind, std::size_t stride) : kind_(kind), stride_(stride) {}

  Result<std::vector<spec::Field>> read(const weir_field* first, std::size_t count, int depth) const {
    if (count > kMaxFields || (count > 0 && first == nullptr) || depth > kMaxDepth)
      return Status::data("a table of fields is broken");
    std::vector<spec::Field> fields;
    std::set<std::string> names;
    for (std::size_t i = 0; i < count; ++i) {
      weir_field raw{};
      std::memcpy(&raw, reinterpret_cast<const char*>(first) + i * stride_, std::min(stride_, sizeof(weir_field)));
      auto field = read_one(raw, depth);
      if (!field) return field.status();
      if (!names.insert(field->name).second) return Status::data("field '" + field->name + "' is there twice");
      fields.push_back(*std::move(field));
    }
    return fields;
  }

 private:
  Result<spec::Field> read_one(const weir_field& raw, int depth) const {
    if (raw.name == nullptr || !is_lower_snake_case(raw.name))
      return Status::data("a field's name is not lower_snake_case");
    const std::string title = std::string("field '") + raw.name + "'";
    if (depth == 0 && is_hosts_own(raw.name, kind_)) return Status::data(title + ": that name is the host's own");
    if (!is_known_type(raw.type)) return Status::data(title + " has a type this host does not know");
    spec::Field field;
    field.name = raw.name;
    field.type = raw.type;
    field.flags = raw.flags;
    if (raw.default_json != nullptr) {
      field.default_json = raw.default_json;
      if (!spec::parse_json(*field.default_json))
        return Status::data(title + R"x(: its default is no JSON; a text has its quotes: R"("country")" in C++)x");
    }
    if (raw.summary != nullptr) field.summary = raw.summary;
    if (Status choices = read_choices(raw.choices, field.choices); !choices.ok())
      return Status::data(title + choices.message());
    auto nested = read(raw.fields, raw.field_count, depth + 1);
    if (!nested) return Status::data(title + ": " + nested.status().message());
    field.fields = *std::move(nested);
    return field;
  }

  static Status read_choices(const char* const* choices, std::vector<std::string>& out) {
    for (; choices != nullptr && *choices != nullptr; ++choices) {
      if (out.size() == kMaxChoices) return Status::data(" has choices without an end");
      out.emplace_back(*choices);
    }
    return {};
  }

  std::uint32_t kind_;  // of component
  std::size_t stride_;
};

}  // namespace

Result<std::vector<spec::Field>> read_fields(const weir_component& component) {
  if (component.field_count > 0 && component.field_size < sizeof(weir_field))
    return Status::data("its fields are too short");
  return FieldReader(component.kind, component.field_size).read(component.fields, component.field_count, 0);
}

bool is_lower_snake_case(std::string_view name) {
  if (name.empty() || name.size() > 64 || name[0] < 'a' || name[0] > 'z') return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace weir::host::plugin
