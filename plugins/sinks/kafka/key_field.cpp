#include "key_field.h"

namespace weir::kafka {

KeyField::KeyField(const Context& config) {
  if (config.has("key")) path_ = config.path("key");
}

std::optional<std::string_view> KeyField::of(const Record& record) const {
  if (!path_ || record.is_tombstone()) return record.key_bytes();
  const Doc value = record.value();
  const std::optional<Value> found = value.get(path_);
  if (!found || found->is_null()) return std::nullopt;
  if (found->is_number()) return value.raw(path_);
  const std::optional<std::string_view> text = found->text();
  if (!text) throw DataError("the key is neither a text nor a number", path_);
  return text->empty() ? std::nullopt : text;
}

}  // namespace weir::kafka
