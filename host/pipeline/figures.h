#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

#include "pipeline/ledger.h"

namespace weir::host {

/// How many of some times were how long: counts by upper bounds, and their sum.
struct Durations {
  using Nanoseconds = std::chrono::nanoseconds;
  /// Upper bounds, each included; longer ones count behind the last.
  static constexpr std::array<Nanoseconds::rep, 14> kBounds{
      1'000'000,   2'500'000,     5'000'000,     10'000'000,    25'000'000,     50'000'000,     100'000'000,
      250'000'000, 1'000'000'000, 2'500'000'000, 5'000'000'000, 10'000'000'000, 30'000'000'000, 60'000'000'000};

  std::array<std::uint64_t, kBounds.size() + 1> counts{};
  Nanoseconds sum{0};

  void add(Nanoseconds time);
  Durations& operator+=(const Durations& other);
  [[nodiscard]] std::uint64_t total() const;
};

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

/// What became of a sink; summed over the tasks of a pipeline.
struct SinkFigures {
  std::uint32_t count = 0;  // tasks that have one
  std::uint32_t up = 0;     // of these, started and not giving back
  std::uint64_t failed_starts = 0;
  std::uint64_t given_back = 0;  // how often it gave its records back to be put again

  SinkFigures& operator+=(const SinkFigures& other);
};

/// What a task shows of itself beside its books, for metrics; summed over the tasks of a pipeline.
struct Figures {
  using Clock = std::chrono::steady_clock;

  Ledger ledger;
  std::uint32_t tasks = 0;
  std::uint32_t started = 0;  // tasks whose components all have started once
  SinkFigures sink;
  SinkFigures spool_sink;  // of the tasks that write a spool, in the place of a sink
  SinkFigures dead_letter_sink;
  std::uint32_t sources_backing_off = 0;
  std::uint64_t source_retries = 0;
  std::uint64_t overflowed = 0;  // dead letters their sink refused; in the ledger they are dead-lettered
  std::uint64_t memory = 0;      // bytes that count against `memory:`
  std::uint64_t memory_limit = 0;
  Clock::duration oldest_age{0};                          // of the records no transform holds; the largest
  Clock::time_point shown_at = Clock::time_point::max();  // the earliest of the tasks that run; max: none does
  Durations settled_after;                                // from a slice's read until its last record settled

  Figures& operator+=(const Figures& other);
  /// Adds what was counted, and nothing that only holds as long as a task runs.
  void add_counts(const Figures& past);
};

/// What became of a pipeline's checkpoints.
struct CheckpointFigures {
  using Clock = std::chrono::steady_clock;

  std::uint64_t stores = 0;
  std::uint64_t failures = 0;
  Clock::time_point stored_at{};      // the latest store; epoch: none yet
  Clock::time_point pending_since{};  // the oldest submission that is not stored; epoch: all is stored

  /// Of another leg of the same pipeline.
  CheckpointFigures& operator+=(const CheckpointFigures& other);
  void add_counts(const CheckpointFigures& past);
};

/// Where a task shows its figures to other threads: whole ones only. Thread-safe.
class FigureBoard {
 public:
  void show(const Figures& figures) {
    const std::lock_guard lock(mutex_);
    shown_ = figures;
  }
  [[nodiscard]] Figures read() const {
    const std::lock_guard lock(mutex_);
    return shown_;
  }

 private:
  mutable std::mutex mutex_;
  Figures shown_;
};

}  // namespace weir::host
