#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/chaos/oracle.h"
#include "pipeline/ledger.h"

namespace weir::host::cli::chaos {

/// Faults that were done.
struct FaultCounts {
  std::uint32_t killed_starting = 0;  // before the worker's first message
  std::uint32_t killed_running = 0;
  std::uint32_t killed_frozen = 0;  // while the broker stood still
  std::uint32_t freezes = 0;

  [[nodiscard]] std::uint32_t kills() const { return killed_starting + killed_running + killed_frozen; }
  [[nodiscard]] std::uint32_t all() const { return kills() + freezes; }
};

/// What the whole thing came to.
struct ChaosResult {
  std::string pipeline;
  std::uint64_t seed = 0;
  Ledger reference;                  // books of the undisturbed run
  std::optional<Ledger> second_run;  // books of the disturbed one, where one worker wrote all of them
  FaultCounts faults;
  bool on_own_cluster = false;  // the disturbed run: not on a throw-away broker
  std::uint32_t kills_wanted = 0;
  std::uint32_t freezes_wanted = 0;
  std::vector<std::string> unused_topics;  // of --topics, to which nothing was written undisturbed
  Verdict messages;
  Verdict letters;
  std::string trouble;  // why nothing can be said, or why the pipeline did not come to its end; empty: neither

  /// Why it is inconclusive, trouble or otherwise; empty: it is not.
  [[nodiscard]] std::string reason() const;
  /// "clean", "faults" or "inconclusive".
  [[nodiscard]] const char* word() const;
};

/// What is known where there is no result.
struct Unfinished {
  std::string pipeline = {};             // empty: not even that
  std::optional<Ledger> reference = {};  // books of the undisturbed run
  std::string reason = {};
  bool is_refused = false;  // it did not begin, or is nothing that can be judged; else it is inconclusive
};

/// Why there is nothing to compare, and where the records went: nothing was delivered by a run with these books.
[[nodiscard]] std::string nothing_delivered(const Ledger& books);

/// For people.
[[nodiscard]] std::string to_text(const ChaosResult& result);
/// One JSON object.
[[nodiscard]] std::string to_json(const ChaosResult& result);
[[nodiscard]] std::string to_json(const Unfinished& known);

/// What a comparison says of messages, for people and as JSON.
[[nodiscard]] std::string to_text(const Verdict& verdict);
[[nodiscard]] std::string to_json(const Verdict& verdict);

}  // namespace weir::host::cli::chaos
