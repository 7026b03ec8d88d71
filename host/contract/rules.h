#pragma once
#include <cstdint>
#include <vector>

#include "contract/subject.h"
#include "contract/verdict.h"

namespace weir::host::contract {

/// One promise of abi.h, and how to see whether a component keeps it. A rule that does not return, or whose process dies, is broken.
struct Rule {
  const char* name;
  const char* sentence;  // what holds when it is kept
  Verdict (*check)(Subject& subject);
};

/// The rules for components of that kind, in the order in which they are shown.
[[nodiscard]] std::vector<Rule> rules_of(std::uint32_t kind);

/// Checks one rule, in the process that calls it. Once in a process.
[[nodiscard]] Verdict check(const Rule& rule, Subject& subject);

// By kind, in files of their own.
[[nodiscard]] std::vector<Rule> transform_rules();
[[nodiscard]] std::vector<Rule> predicate_rules();
[[nodiscard]] std::vector<Rule> source_rules();
[[nodiscard]] std::vector<Rule> sink_rules();

}  // namespace weir::host::contract
