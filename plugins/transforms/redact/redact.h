#pragma once
#include <memory>
#include <string>
#include <vector>
#include <weir/transform.hpp>

#include "text_action.h"

namespace weir::plugins {

/// Protects people: removes, replaces, masks, shortens, hashes or pseudonymizes fields of the value.
class Redact {
 public:
  static constexpr auto name = "redact";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Removes, replaces, masks, shortens, hashes or pseudonymizes fields of the value.";
  static constexpr auto details =
      R"(The rules are applied in order. `remove` and `replace` take whatever is there: null, lists and objects too. For the others

- a missing field and null are left alone,
- a list is protected element by element, lists inside it too,
- an object is a data error,
- the text of a number or boolean is its JSON text; the result is a string.

| Action | Leaves |
|---|---|
| `remove` | nothing; elements of lists too |
| `replace` | the JSON value `with` |
| `mask` | `char` in place of each Unicode code point but the last `keep`; a text not longer than `keep` is masked whole |
| `truncate_ip` | the first 24 bits of an IPv4 address, the first 48 of an IPv6 address (RFC 5952 text); a zone, a port, blanks, IPv4 inside IPv6 and anything else are data errors |
| `hash` | SHA-256 in hex: whoever can guess the text can find it again |
| `pseudonymize` | HMAC-SHA-256 under `secret` in hex: the same text gets the same pseudonym |

A record that cannot be protected (not JSON, not an object, a field of the wrong kind) fails and reaches no sink. Null values pass.)";
  static constexpr auto fields = weir::fields(
      weir::optional("secret", weir::Type::secret,
                     "Key of the pseudonyms: at least 16 bytes, needed by `pseudonymize`."),
      weir::list(
          "rules",
          weir::fields(weir::places(weir::required("field", weir::Type::path,
                                                   "Path of the field; with * or ** every place it names.")),
                       weir::required("action",
                                      weir::choices("remove", "replace", "mask", "truncate_ip", "hash", "pseudonymize"),
                                      "What to do with it."),
                       weir::optional("with", weir::Type::json, "`replace`: the JSON value put in its place."),
                       weir::optional("keep", weir::Type::integer,
                                      "`mask`: how many code points at the end stay; 0 if not given."),
                       weir::optional("char", weir::Type::text,
                                      "`mask`: the code point written in place of the others; * if not given."),
                       weir::optional("normalize", weir::choices("none", "lower_trim"),
                                      "`pseudonymize`: `lower_trim` first takes ASCII blanks off both ends and lowers "
                                      "ASCII letters; none if not given.")),
          "The rules, applied in order."));
  static constexpr bool privacy = true;
  static constexpr bool stateless = true;

  explicit Redact(const Context& config);
  void apply(Record& record);

 private:
  struct Rule {
    Path path;
    bool wild = false;  // may name several places
    bool removes = false;
    std::string with;                    // JSON text
    std::unique_ptr<TextAction> action;  // null: removes or replaces
  };

  static Rule make_rule(const Context& config, const Context& rule);
  void apply_rule(const Rule& rule, Doc& doc);
  std::string_view replacement(const Rule& rule, std::string_view json);

  std::vector<Rule> rules_;
  std::string result_;  // JSON that takes a place; grows to the longest and stays
  std::string scratch_;
};

}  // namespace weir::plugins
