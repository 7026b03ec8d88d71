#pragma once
#include <regex>

#include "weir/testing/settings.hpp"

/// Conditions for unit tests. `matches` is std::regex here, RE2 in the host: keep to what both read alike.
namespace weir::testing {

namespace detail {

inline bool same_number(const weir_value& a, const weir_value& b) {
  if (a.type == WEIR_DOUBLE || b.type == WEIR_DOUBLE) {
    const auto number = [](const weir_value& v) {
      return v.type == WEIR_INT    ? static_cast<double>(v.as.i)
             : v.type == WEIR_UINT ? static_cast<double>(v.as.u)
                                   : v.as.d;
    };
    return number(a) == number(b);
  }
  return a.type == b.type && a.as.u == b.as.u;
}

inline bool is_number(const weir_value& value) { return value.type >= WEIR_INT && value.type <= WEIR_DOUBLE; }

inline bool equals(const weir_value& a, const weir_value& b) {
  if (is_number(a) && is_number(b)) return same_number(a, b);
  if (a.type != b.type) return false;
  if (a.type == WEIR_STRING)
    return std::string_view(a.as.s.ptr, a.as.s.len) == std::string_view(b.as.s.ptr, b.as.s.len);
  return a.type == WEIR_NULL || (a.type == WEIR_BOOL && a.as.i == b.as.i);
}

inline double as_double(const weir_value& value) {
  return value.type == WEIR_INT    ? static_cast<double>(value.as.i)
         : value.type == WEIR_UINT ? static_cast<double>(value.as.u)
                                   : value.as.d;
}

/// One operator of a leaf on the value at one place.
inline bool holds(const std::string& op, const Setting& operand, const weir_value& value, const std::string& text) {
  if (op == "equals") return equals(value, operand.value());
  if (op == "not_equals") return !equals(value, operand.value());
  if (op == "exists") return operand.scalar.as.i != 0;
  if (op == "prefix") return value.type == WEIR_STRING && text.starts_with(operand.text);
  if (op == "matches") return value.type == WEIR_STRING && std::regex_search(text, std::regex(operand.text));
  if (op == "less") return is_number(value) && as_double(value) < as_double(operand.value());
  if (op == "greater") return is_number(value) && as_double(value) > as_double(operand.value());
  if (op != "in") throw ConfigError("", "no such operator in a condition: " + op);
  return std::any_of(operand.children.begin(), operand.children.end(),
                     [&](const Setting& choice) { return equals(value, choice.value()); });
}

inline bool leaf_matches(const Setting& leaf, std::string_view document) {
  const Setting* field = leaf.at("field");
  const auto path = field == nullptr ? std::nullopt : parse_path(field->text);
  if (!path || leaf.children.size() != 2) throw ConfigError("", "a condition has a field and one operator");
  const Setting& operand = leaf.children[leaf.children[0].name == "field" ? 1 : 0];
  const std::vector<Place> found = places(document, path->steps);
  if (operand.name == "exists" && operand.scalar.as.i == 0) return found.empty();
  return std::any_of(found.begin(), found.end(), [&](const Place& place) {
    std::string text;
    const weir_value value = value_of(place.json, parse(place.json), text);
    return holds(operand.name, operand, value, text);
  });
}

}  // namespace detail

/// Whether a document meets a condition as it stands in the configuration. BadDocument: it cannot be judged.
inline bool matches(const Setting& condition, std::string_view document) {
  const auto meets = [&](const Setting& part) { return matches(part, document); };
  if (const Setting* all = condition.at("all")) return std::all_of(all->children.begin(), all->children.end(), meets);
  if (const Setting* any = condition.at("any")) return std::any_of(any->children.begin(), any->children.end(), meets);
  if (const Setting* negated = condition.at("not")) return !meets(*negated);
  return detail::leaf_matches(condition, document);
}

}  // namespace weir::testing
