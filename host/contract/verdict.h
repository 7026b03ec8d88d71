#pragma once
#include <string>
#include <utility>

namespace weir::host::contract {

/// How a component stood one rule.
struct Verdict {
  enum class Kind { ok, broken, not_applicable };
  Kind kind = Kind::ok;
  std::string text;  // what was observed, or why the rule does not apply

  static Verdict ok() { return {}; }
  static Verdict broken(std::string how) { return {Kind::broken, std::move(how)}; }
  static Verdict not_applicable(std::string why) { return {Kind::not_applicable, std::move(why)}; }
};

/// Thrown to end a rule with that verdict from wherever it is; never leaves run().
struct Ended {
  Verdict verdict;
};

[[noreturn]] inline void break_off(Verdict verdict) { throw Ended{std::move(verdict)}; }

}  // namespace weir::host::contract
