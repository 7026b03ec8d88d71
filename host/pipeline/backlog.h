#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "pipeline/figures.h"
#include "pipeline/io.h"

namespace weir::host {

/// What a spool counts of itself, in records unless said; taken at one moment:
///
///   start + spooled = taken + expired + damaged + records
struct BacklogFigures {
  std::uint64_t start = 0;    // found in it and not delivered
  std::uint64_t spooled = 0;  // acknowledged to those who wrote them
  std::uint64_t taken = 0;    // given to the task that empties it
  std::uint64_t expired = 0;
  std::uint64_t damaged = 0;
  std::uint64_t records = 0;  // durable and not taken
  std::uint64_t bytes = 0;    // on disk
  std::uint64_t bytes_limit = 0;
  std::uint64_t segments = 0;
  std::uint64_t damaged_blocks = 0;
  std::chrono::milliseconds oldest_age{0};  // of `records`
  Durations syncs;
  bool full = false;  // it takes nothing more for now

  /// Whether the equation holds.
  [[nodiscard]] bool balanced() const { return start + spooled == taken + expired + damaged + records; }
  /// Its terms, for the alarm.
  [[nodiscard]] std::string text() const;
  /// What came later, of another start of the same pipeline: counts add up, the rest is the later one's.
  void add_later(const BacklogFigures& later);
};

/// What lies between the two legs of a pipeline with a spool: one is the other's sink and source. One for each start of a plan; it
/// outlives what it makes.
class Backlog {
 public:
  virtual ~Backlog() = default;
  /// For one task of the first leg; each gets its own. Nothing is touched before it is started. [control]
  [[nodiscard]] virtual std::unique_ptr<Sink> make_sink() = 0;
  /// For the one task of the second leg. [control]
  [[nodiscard]] virtual std::unique_ptr<Source> make_source(Positions& positions) = 0;
  /// The first leg has come to its own end, its sinks have stopped: once all is taken, its source is exhausted. [any]
  virtual void end_input() = 0;
  /// Both legs have ended: whoever comes next may have the spool. Until then it is not left while one of them is not started. [any]
  virtual void close() = 0;
  /// [any]
  [[nodiscard]] virtual BacklogFigures figures() const = 0;
};

}  // namespace weir::host
