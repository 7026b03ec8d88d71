#pragma once
#include <atomic>
#include <mutex>
#include <optional>

#include "record/slice.h"
#include "spool/counters.h"
#include "spool/place.h"
#include "spool/progress.h"
#include "spool/quarantine.h"
#include "spool/segment_feed.h"
#include "spool/segments.h"
#include "spool/spool.h"

namespace weir::host::spool {

/// Goes through the durable records in order, once. Passes over what has expired and what is damaged, and counts it. Thread-safe: the
/// source reads, the commit thread lets expire what nobody reads.
class Reader {
 public:
  /// All outlive it.
  Reader(const Place& place, Segments& segments, Progress& progress, Counters& counters, const Options& options);

  /// Begins at `next`, or at the first record behind it. `hole`: what expired in an earlier run and was counted there.
  [[nodiscard]] Status begin(Sequence next, const StateSlot& hole);
  /// Closes its file and forgets what it has read ahead.
  void end();

  /// The next records into an empty slice, an origin of `partition` each: as many as fit `max_records` and `max_bytes`, but one at
  /// least. NOT_FOUND: nothing is left for now. E_RETRY: the disk refuses for now. E_CONFIG: no secret opens the segment.
  Status read(Slice& into, std::uint32_t partition, std::size_t max_records, std::size_t max_bytes,
              std::int64_t now_ms);
  /// Passes over what has expired at the cursor, as far as that takes no reading. Does nothing while somebody reads.
  void expire(std::int64_t now_ms);

  struct Standing {
    Sequence next = 0;           // of the next record
    std::uint64_t passed = 0;    // records the spool took before it
    std::uint64_t backlog = 0;   // durable records that were not passed
    std::int64_t oldest_ms = 0;  // the oldest of them is not older
  };
  [[nodiscard]] Standing standing() const;
  /// Records became durable behind `end`, the first at `ms`.
  void appended(Sequence end, std::int64_t ms);

 private:
  Status advance(std::int64_t now_ms);
  [[nodiscard]] std::uint64_t ordinal_before(Sequence next, Segment segment);
  void leave_ended();
  Status choose_segment(std::int64_t now_ms);
  Status enter(const Segment& segment);
  Status next_piece(std::int64_t now_ms);
  Status open_block(const BlockHeader& header, std::uint64_t offset);
  [[nodiscard]] Status cannot_read(int error) const;
  [[nodiscard]] bool measure(const BlockHeader& header);
  void damage(std::uint64_t offset, std::uint64_t size);
  void lose(const Segment& segment);
  void jump_to(const Segment& segment);
  void pass(Sequence end, std::atomic<std::uint64_t>& counter);
  void expire_to(Sequence end);
  void leave();
  void give(Slice& into, std::uint32_t partition, std::size_t max_records, std::size_t max_bytes);
  [[nodiscard]] bool is_old(std::int64_t ms, std::int64_t now_ms) const { return now_ms - ms > max_age_ms_; }

  const Place& place_;
  Segments& segments_;
  Progress& progress_;
  Counters& counters_;
  const Quarantine quarantine_;
  const std::int64_t max_age_ms_;

  // Written under mutex_.
  std::atomic<Sequence> next_{1};
  std::atomic<std::uint64_t> ordinal_{0};     // records the spool took before next_
  std::atomic<std::uint64_t> hole_ahead_{0};  // of the records from next_ on, those that expired in an earlier run
  std::atomic<std::int64_t> oldest_ms_{0};

  std::mutex mutex_;  // guards what is below
  Segment segment_;   // the one that is read
  SegmentFeed feed_;
  std::string block_;               // the records of the current block
  std::size_t at_ = 0;              // in it
  std::uint64_t left_ = 0;          // records of it
  std::int64_t block_ms_ = 0;       // when the last of them was taken
  std::vector<std::size_t> sizes_;  // of its records
};

}  // namespace weir::host::spool
