#pragma once
#include <optional>
#include <string_view>
#include <weir/context.hpp>
#include <weir/record.hpp>

namespace weir::kafka {

/// Where a record's Kafka key comes from: the `key:` path of its value, or the record's own key.
class KeyField {
 public:
  explicit KeyField(const Context& config);

  /// Empty: no key. A string's text, a number's JSON text; null, missing and empty are no key; a null value keeps the record's own.
  /// Throws DataError: a value of another type, or one that is not JSON. The view lives until the call into the plugin returns.
  [[nodiscard]] std::optional<std::string_view> of(const Record& record) const;

 private:
  Path path_;  // empty: the record's own key
};

}  // namespace weir::kafka
