#pragma once
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "observe/log.h"
#include "pipeline/feed.h"
#include "pipeline/letter_seal.h"
#include "pipeline/overflow.h"
#include "pipeline/partition_table.h"
#include "pipeline/settings.h"

namespace weir::host {

/// A bad record for people: code, stage, reason, path, position. Never record data.
[[nodiscard]] std::string describe_failure(const Record& record, const PartitionTable& partitions);

/// Bad records on their way to the dead letter sink, in the order in which they failed. Each is put back to what the source gave
/// (in a privacy pipeline: to nothing at all; with a seal: to a value that holds all of it, sealed) and gets headers that say why and
/// from where:
///
///   __weir.errors.pipeline .transform .code .message .field .topic .partition .offset .clone .payload
///
/// Absent where there is nothing to say; clone is the decimal number from 1, payload "encrypted" or absent. The record's own topic and
/// partition are taken away, since they were meant for another sink. Its memory is the window's, so a slow dead letter sink stops the
/// polling; sealed values are made when they are offered, and no more of them at a time than a limit allows. [task]
class DeadLetters final : public Feed {
 public:
  /// Both outlive it.
  DeadLetters(const PipelineSettings& settings, const PartitionTable& partitions);

  /// From here on payload is sealed. `limit`: of what sealed values may take at a time, bytes; one may always be there.
  void seal_with(std::unique_ptr<LetterSeal> seal, std::size_t limit);
  /// Bytes of the sealed values that are there.
  [[nodiscard]] std::size_t sealed_bytes() const { return sealed_bytes_; }

  /// A failed record, to be put.
  void add(Record& record);
  /// The dead letter sink acknowledged it for good; before it is settled.
  void done(const Record& record);
  /// What an overflow keeps of it.
  [[nodiscard]] DeadLetter letter(const Record& record) const;
  /// Added and not taken yet.
  [[nodiscard]] bool waiting() const { return next_ < letters_.size(); }

  [[nodiscard]] std::span<Record* const> offer() override;
  void taken(std::size_t count) override { next_ += count; }
  void rewind() override { next_ = 0; }

 private:
  struct Letter {
    Record* record;
    Bytes topic;                                // that it had when it failed
    std::unique_ptr<const std::string> sealed;  // null: not yet, or there is no seal
  };

  [[nodiscard]] bool shows_payload() const { return !settings_.privacy && seal_ == nullptr; }
  void restore(Record& record) const;
  void add_error_headers(Record& record, Bytes topic) const;
  [[nodiscard]] bool seal(Letter& letter);

  const PipelineSettings& settings_;
  const PartitionTable& partitions_;
  std::unique_ptr<LetterSeal> seal_;  // null: payload is plain, or in a privacy pipeline not there
  std::size_t sealed_limit_ = 0;
  std::size_t sealed_bytes_ = 0;
  std::deque<Letter> letters_;  // unsettled; the first next_ are in the sink
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
