#include "contract/rules.h"

namespace weir::host::contract {

std::vector<Rule> rules_of(std::uint32_t kind) {
  switch (kind) {
    case WEIR_SOURCE:
      return source_rules();
    case WEIR_TRANSFORM:
      return transform_rules();
    case WEIR_PREDICATE:
      return predicate_rules();
    default:
      return sink_rules();
  }
}

Verdict check(const Rule& rule, Subject& subject) {
  try {
    return rule.check(subject);
  } catch (const Ended& ended) {
    return ended.verdict;
  }
}

}  // namespace weir::host::contract
