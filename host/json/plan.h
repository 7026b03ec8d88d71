#pragma once
#include <memory>
#include <string_view>

#include "errors/status.h"
#include "json/condition.h"
#include "json/path.h"

namespace weir::host::json {

class PlanPath;       // a path of the plan: what Document's calls take
class PlanCondition;  // a condition of the plan

/// Added to a path's `use` by the host for the paths of privacy transforms: a root that is no object, and text that `@json` finds
/// to be no JSON, are then a data error instead of "missing" (design section 3).
inline constexpr std::uint32_t kStrict = 0x80000000u;

/// All paths and conditions that the components of one task use on one slot, compiled into one forward pass. Paths are added
/// while the pipeline is built [control]; frozen at the first document, then read by the task's threads. PlanPath and PlanCondition
/// pointers live as long as the plan; equal paths share one.
class Plan {
 public:
  Plan();
  ~Plan();
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  /// `use`: WEIR_READ, WEIR_WRITE, WEIR_PIN, kStrict. With `base` the path is relative to each place that `base` names, and is resolved
  /// inside a match() or rewrite() callback on `base`. E_CONFIG: the path is not one.
  Result<const PlanPath*> add(std::string_view path, std::uint32_t use, const PlanPath* base = nullptr);
  /// E_CONFIG: a regular expression RE2 refuses, with its message.
  /// `use`: kStrict or 0, for the paths in it.
  Result<const PlanCondition*> add(const ConditionExpr& condition, std::uint32_t use = 0);
  [[nodiscard]] bool empty() const;

  struct Compiled;  // the trie and tables; json/ only
  [[nodiscard]] const Compiled& compiled() const { return *compiled_; }

 private:
  std::unique_ptr<Compiled> compiled_;
};

/// The path's text, for messages; as old as the plan.
[[nodiscard]] std::string_view text_of(const PlanPath& path);

}  // namespace weir::host::json
