#pragma once
#include <string>
#include <vector>
#include <weir/context.hpp>
#include <weir/record.hpp>

namespace weir::kafka {

/// The `headers:` of a sink: fixed texts, and fields of the value.
class HeaderFields {
 public:
  /// Reports every header that is refused, then throws the first ConfigError. [control]
  explicit HeaderFields(const Context& config);

  /// Appends them, in the file's order. A string's text, a number's or boolean's JSON text; no header for null and missing, nor for a
  /// field of a null value. Throws DataError: a list, an object, a value that is not JSON. The views live until the call into the
  /// plugin returns.
  void append_to(std::vector<Header>& headers, const Record& record) const;

 private:
  struct Item {
    std::string name;
    std::string text;  // without field
    Path field;
  };

  static Item item_of(const std::string& name, const Context& value);

  std::vector<Item> items_;
};

}  // namespace weir::kafka
