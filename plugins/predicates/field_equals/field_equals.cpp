#include <string>
#include <weir/predicate.hpp>

#include "decimal.h"
#include "json_text/json_text.h"

namespace weir::plugins {

/// Chooses records in which a field has a value.
class FieldEquals {
 public:
  static constexpr auto name = "field_equals";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Chooses records in which a field has a value.";
  static constexpr auto details =
      R"(JSON types, no guessing: the text "1" is not the number 1. Numbers compare by value (1 equals 1.0), exactly at any length; null equals null and not a missing
field. A path with * matches if any place does. Null values are never chosen, negated or not; a record whose value is not JSON fails.)";
  static constexpr auto fields = weir::fields(
      weir::places(weir::required("field", weir::Type::path, "Path of the field, such as user_attributes.region.")),
      weir::required("value", weir::Type::json, "A text, number, boolean or null."));

  explicit FieldEquals(const Context& config)
      : field_(config.path("field")), self_(config.within(field_, "")), json_(config.json("value")) {
    const char first = json_.empty() ? '{' : json_.front();
    if (first == '{' || first == '[') throw config.error("value", "must be a text, number, boolean or null");
    if (first == '"' && !append_unescaped(text_, std::string_view(json_).substr(1, json_.size() - 2)))
      throw config.error("value", "holds half of a surrogate pair");
    if (first == '-' || (first >= '0' && first <= '9')) number_ = Decimal::of(json_);
  }

  bool test(const Record& record) const {
    const Doc doc = record.value();
    bool found = false;
    doc.match(field_, [&](std::string_view, const Value& value) { return !(found = equals(doc, value)); });
    return found;
  }

 private:
  bool equals(const Doc& doc, const Value& value) const {
    if (value.is_text()) return json_.front() == '"' && *value.text() == text_;
    if (value.is_number()) return number_ && Decimal::of(doc.raw(self_).value_or("")) == *number_;
    if (value.is_flag()) return json_ == (*value.flag() ? "true" : "false");
    return value.is_null() && json_ == "null";
  }

  Path field_;
  Path self_;  // inside a match on field_: the place itself
  std::string json_;
  std::string text_;               // of a text, unescaped
  std::optional<Decimal> number_;  // of a number
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::FieldEquals)
