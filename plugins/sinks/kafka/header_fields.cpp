#include "header_fields.h"

#include "path_text/path_text.h"
#include "refusals.h"

namespace weir::kafka {
namespace {

constexpr std::string_view kHostPrefix = "__weir.";

std::optional<std::string_view> text_of(const Record& record, Path field) {
  if (record.is_tombstone()) return std::nullopt;
  const Doc value = record.value();
  const std::optional<Value> found = value.get(field);
  if (!found || found->is_null()) return std::nullopt;
  if (found->is_text()) return found->text();
  if (found->is_number() || found->is_flag()) return value.raw(field);
  throw DataError("a header is a list or an object", field);
}

Path field_of(const Context& value) {
  for (const auto& [member, ignored] : value.map())
    if (member != "field") throw value.error(member, "is not known here: a header is a text or {field: PATH}");
  if (!value.has("field")) throw value.error("", "is neither a text nor {field: PATH}");
  if (plugins::is_wild_path(value.text("field"))) throw value.error("field", "must name one place, without *");
  return value.path("field");
}

}  // namespace

HeaderFields::HeaderFields(const Context& config) {
  Refusals refusals(config);
  for (const auto& [name, value] : config.map("headers")) {
    refusals.look([&, &name = name, &value = value] { items_.push_back(item_of(name, value)); });
  }
  refusals.throw_first();
}

HeaderFields::Item HeaderFields::item_of(const std::string& name, const Context& value) {
  if (name.empty()) throw value.error("", "a header needs a name");
  if (name.starts_with(kHostPrefix)) throw value.error("", "names that begin with __weir. are the host's");
  const std::string json = value.json();
  if (json.starts_with('{')) return {name, {}, field_of(value)};
  if (json.starts_with('[') || json == "null") throw value.error("", "is neither a text nor {field: PATH}");
  return {name, json.starts_with('"') ? value.text() : json, {}};
}

void HeaderFields::append_to(std::vector<Header>& headers, const Record& record) const {
  for (const Item& item : items_) {
    if (!item.field) {
      headers.push_back({item.name, item.text});
    } else if (const auto text = text_of(record, item.field)) {
      headers.push_back({item.name, *text});
    }
  }
}

}  // namespace weir::kafka
