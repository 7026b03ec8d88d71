#include <weir/predicate.hpp>

namespace weir::plugins {

/// Chooses records whose value matches a condition.
class ConditionPredicate {
 public:
  static constexpr auto name = "condition";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Chooses records whose value matches a condition.";
  static constexpr auto details =
      R"(Null values are never chosen, negated or not. A record whose value the condition cannot judge (not JSON) fails.)";
  static constexpr auto fields =
      weir::fields(weir::required("when", weir::Type::condition, "The condition, such as {field: age, greater: 17}."));

  explicit ConditionPredicate(const Context& config) : when_(config.condition("when")) {}

  bool test(const Record& record) const { return when_.matches(record); }

 private:
  Condition when_;
};

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::ConditionPredicate)
