#pragma once
#include "spool/segment_writer.h"
#include "spool/state.h"

namespace weir::host::spool {

/// Writes blocks to segments, one after the other, and starts new segments: when one is full, too old, or not to be trusted. One thread.
class Journal {
 public:
  struct Limits {
    std::uint64_t segment_bytes = 0;
    std::int64_t segment_ms = 0;  // a segment is written for so long at most
  };

  /// All outlive it.
  Journal(const Place& place, Segments& segments, StateFile& state, Limits limits);

  /// The next record's place, where segments() ends.
  void begin(const SpoolId& spool);
  /// The blocks are durable when OK. E_RETRY: there is no room on the disk for now. E_FATAL: the disk refuses. Not OK: nothing of them
  /// counts, and they may come again.
  Status append(std::span<const PackedBlock> blocks, std::int64_t now_ms);
  /// Ends the segment that is being written, if there is one.
  void seal();
  /// It is older than a segment may be.
  [[nodiscard]] bool is_due(std::int64_t now_ms) const;
  [[nodiscard]] bool writing() const { return writer_.has_value(); }
  /// A segment was poisoned.
  [[nodiscard]] std::uint64_t poisoned() const { return poisoned_; }

 private:
  [[nodiscard]] int make_room(std::span<const PackedBlock> blocks, std::int64_t now_ms);
  [[nodiscard]] int open_segment(std::int64_t now_ms);
  [[nodiscard]] int write(std::span<const PackedBlock> blocks);
  void give_up();

  const Place& place_;
  Segments& segments_;
  StateFile& state_;
  const Limits limits_;
  SpoolId spool_{};
  std::optional<SegmentWriter> writer_;
  std::uint64_t poisoned_ = 0;
};

}  // namespace weir::host::spool
