#include <weir/transform.hpp>

namespace weir::plugins {

/// Drops events: by a condition on the value, or whatever its predicate chose.
class Filter {
 public:
  static constexpr auto name = "filter";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Drops records by a condition on their value, or whatever its predicate chose.";
  static constexpr auto details =
      R"(With `drop_when` a record whose value matches is dropped, with `keep_when` one whose value does not match. Give one of them, or neither:
then every record is dropped that the transform's `predicate` chose (without a predicate: all).

Null values (tombstones) pass a condition; without a condition they are dropped like the others. Dropped records count as filtered. A record whose value the condition
cannot judge (not JSON) fails.)";
  static constexpr auto fields =
      weir::fields(weir::optional("drop_when", weir::Type::condition, "Drops the records whose value matches."),
                   weir::optional("keep_when", weir::Type::condition, "Drops the records whose value does not match."));
  static constexpr bool tombstones = true;
  static constexpr bool stateless = true;
  static constexpr bool mutates = false;

  explicit Filter(const Context& config) : drops_matches_(!config.has("keep_when")) {
    if (config.has("drop_when") && config.has("keep_when"))
      throw config.error("keep_when", "give drop_when or keep_when, not both");
    if (config.has("drop_when")) condition_ = config.condition("drop_when");
    if (config.has("keep_when")) condition_ = config.condition("keep_when");
  }

  /// Asks for null last: a null value matches nothing, and the bytes of an edited one have to be written for the answer.
  void apply(Record& record) {
    if (condition_ && (condition_.matches(record) != drops_matches_ || record.is_tombstone())) return;
    record.drop();
  }

 private:
  Condition condition_;  // may be none
  bool drops_matches_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Filter)
