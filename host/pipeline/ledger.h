#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir::host {

/// The books of a task or pipeline (P5), in records. Each term is counted where it happens; in_flight is counted by the window from
/// the records it holds, so that the equation can fail.
struct Ledger {
  std::uint64_t read = 0;
  std::uint64_t cloned = 0;  // also records a transform emitted out of nothing
  std::uint64_t delivered = 0;
  std::uint64_t filtered = 0;
  std::uint64_t dead_lettered = 0;  // acknowledged by the dead letter sink
  std::uint64_t dropped = 0;        // bad, tolerated, and no dead letter sink
  std::uint64_t merged = 0;         // an emit of N records into one: N - 1
  std::uint64_t expired = 0;        // by a spool's age
  std::uint64_t in_flight = 0;
  std::uint64_t backlog_start = 0;  // in the spool
  std::uint64_t backlog_end = 0;

  // Of one leg of a pipeline with a spool: what the spool took in the place of a sink, and gave in the place of a source. Of the whole
  // pipeline, while it runs: what is counted on one side of the spool only, `taken` by it and not yet as `spooled` by the task that wrote
  // it, and the other way round. Both are zero at the end.
  std::uint64_t spooled = 0;
  std::uint64_t taken = 0;

  /// backlog_start + read + cloned + taken
  ///   = delivered + spooled + filtered + dead_lettered + dropped + merged + expired + in_flight + backlog_end
  [[nodiscard]] bool balanced() const;
  Ledger& operator+=(const Ledger& other);
  /// The books of what ran after this: what this one left in the spool that one found there.
  void add_later(const Ledger& later);
  /// "read=5 cloned=0 …", for the alarm.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Ledger&, const Ledger&) = default;
};

struct LedgerTerm {
  std::string_view name;
  std::uint64_t Ledger::*count;
};
/// The terms of a pipeline's equation, in its order.
[[nodiscard]] std::span<const LedgerTerm> ledger_terms();

}  // namespace weir::host
