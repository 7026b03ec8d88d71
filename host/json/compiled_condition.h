#pragma once
#include <memory>
#include <string>
#include <vector>

#include "json/condition.h"
#include "json/plan.h"
#include "json/tree.h"

namespace re2 {
class RE2;
}

namespace weir::host::json {

/// A condition with its paths in the plan and its regular expression compiled (design section 7).
class PlanCondition {
 public:
  PlanCondition();
  ~PlanCondition();
  PlanCondition(const PlanCondition&) = delete;
  PlanCondition& operator=(const PlanCondition&) = delete;

  static Result<std::unique_ptr<PlanCondition>> compile(const ConditionExpr& condition, Plan& plan, std::uint32_t use);
  /// OK: matches, NOT_FOUND: does not, E_DATA: cannot be judged; `at` is then the path it was about.
  weir_status test(Tree& tree, const PlanPath*& at) const;

 private:
  using Op = ConditionExpr::Op;

  Status compile_leaf(const ConditionExpr& condition, Plan& plan, std::uint32_t use);
  weir_status test_leaf(Tree& tree) const;
  weir_status test_place(Tree& tree, const Place& place) const;
  weir_status test_value(Tree& tree, const Place& place) const;  // as if the operator were `equals`, for `not_equals`
  weir_status test_number(Tree& tree, std::string_view text) const;
  [[nodiscard]] bool holds_literal(std::string_view literal) const;
  weir_status test_string(Tree& tree, const Place& place) const;
  [[nodiscard]] bool test_text(std::string_view text) const;
  [[nodiscard]] bool has_type(Literal::Type type) const;

  Op op_ = Op::all;
  std::vector<std::unique_ptr<PlanCondition>> children_;
  const PlanPath* path_ = nullptr;
  std::vector<Literal> literals_;
  std::vector<std::string> quoted_;  // of equals, not_equals and in: the texts among the literals, with quotes
  std::unique_ptr<re2::RE2> pattern_;
};

}  // namespace weir::host::json
