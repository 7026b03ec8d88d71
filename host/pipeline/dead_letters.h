#pragma once
#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "observe/log.h"
#include "pipeline/feed.h"
#include "pipeline/overflow.h"
#include "pipeline/partition_table.h"
#include "pipeline/settings.h"

namespace weir::host {

/// A bad record for people: code, stage, reason, path, position. Never record data.
[[nodiscard]] std::string describe_failure(const Record& record, const PartitionTable& partitions);

/// Bad records on their way to the dead letter sink, in the order in which they failed. Each is put back to what the source gave
/// (in a privacy pipeline: to nothing at all) and gets headers that say why and from where:
///
///   __weir.errors.pipeline .transform .code .message .field .topic .partition .offset .clone
///
/// Absent where there is nothing to say; clone is the decimal number from 1. The record's own topic and partition are taken away, since
/// they were meant for another sink. Its memory is the window's, so a slow dead letter sink stops the polling. [task]
class DeadLetters final : public Feed {
 public:
  /// Both outlive it.
  DeadLetters(const PipelineSettings& settings, const PartitionTable& partitions);

  /// A failed record, to be put.
  void add(Record& record);
  /// The dead letter sink acknowledged it for good; before it is settled.
  void done(const Record& record);
  /// What an overflow keeps of it.
  [[nodiscard]] DeadLetter letter(const Record& record) const;
  /// Added and not taken yet.
  [[nodiscard]] bool waiting() const { return next_ < records_.size(); }

  [[nodiscard]] std::span<Record* const> offer() override;
  void taken(std::size_t count) override { next_ += count; }
  void rewind() override { next_ = 0; }

 private:
  void restore(Record& record) const;
  void add_error_headers(Record& record, Bytes topic) const;

  const PipelineSettings& settings_;
  const PartitionTable& partitions_;
  std::deque<Record*> records_;  // unsettled; the first next_ are in the sink
  std::size_t next_ = 0;
  std::vector<Record*> offered_;
};

/// Announces what tolerance drops: the first at once, then a sum at most once a minute and at the end. [task]
class DropNotice {
 public:
  explicit DropNotice(Log log) : log_(std::move(log)) {}
  void dropped(const std::string& why);
  void at_end();

 private:
  void announce();

  Log log_;
  std::string latest_;
  std::uint64_t unannounced_ = 0;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace weir::host
