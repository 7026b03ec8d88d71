#pragma once
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "errors/status.h"
#include "spool/files.h"
#include "spool/format.h"
#include "spool/record_codec.h"

/// A spool folder as tools see it: beside a worker that uses it, or without one. Takes no lock and changes nothing, but for
/// rebuild_state().
namespace weir::host::spool {

struct SegmentSummary {
  Sequence first = 0;
  Sequence end = 0;           // one behind the last record; of one that is not sealed: of what is whole
  std::uint64_t records = 0;  // by their numbers: damaged ones count
  std::uint64_t blocks = 0;
  std::uint64_t bytes = 0;  // of the file
  std::uint64_t data_end = 0;
  std::int64_t created_ms = 0;
  std::int64_t oldest_ms = 0;  // when its first and last record were taken
  std::int64_t newest_ms = 0;
  bool sealed = false;
  std::string key_id;                 // hexadecimal, of the secret that opens it; empty: plain
  std::uint32_t damaged_headers = 0;  // of its two; with both nothing but first and bytes is known

  /// Those whose number is `next` or larger.
  [[nodiscard]] std::uint64_t records_from(Sequence next) const {
    return records - std::min(records, next > first ? next - first : 0);
  }
};

/// A piece of a segment that is no whole block.
struct DamagedPiece {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  Sequence first = 0;  // it held these records, as far as its neighbours tell
  std::uint64_t records = 0;
};
struct Verdict {
  std::uint64_t blocks = 0;   // whole ones
  std::uint64_t records = 0;  // in them
  std::vector<DamagedPiece> damaged;
  std::uint32_t damaged_headers = 0;
  bool damaged_footer =
      false;  // there are bytes behind the last block that should be one, or it contradicts the blocks
  std::uint64_t torn_bytes = 0;  // at the end of the newest segment: never finished, or being written right now

  [[nodiscard]] bool sound() const { return damaged.empty() && damaged_headers == 0 && !damaged_footer; }
};

/// A record with its place. Views live until the call that gave it returns.
struct SpooledRecord {
  Sequence sequence = 0;
  Sequence segment = 0;
  std::int64_t spooled_ms = 0;  // when the newest record of its block was taken, wall clock
  const StoredRecord* record = nullptr;
};

class Inspector {
 public:
  /// `secrets`: as in the configuration; empty: only what is not encrypted can be read. `files` outlives it.
  [[nodiscard]] static Result<std::unique_ptr<Inspector>> open(FileSystem& files, const std::string& folder,
                                                               const std::string& secrets);
  virtual ~Inspector() = default;

  /// The newer whole slot. E_DATA: neither is whole. NOT_FOUND: there is none.
  [[nodiscard]] virtual Result<StateSlot> state() const = 0;
  /// In order. Segments that go meanwhile are left out.
  [[nodiscard]] virtual Result<std::vector<SegmentSummary>> segments() const = 0;
  /// Looks at every byte of the segment; needs no secret.
  [[nodiscard]] virtual Result<Verdict> verify(Sequence segment) const = 0;

  /// What is asked for: all of these hold.
  struct Range {
    Sequence from = 0;
    Sequence end = ~Sequence{0};
    std::int64_t from_ms = INT64_MIN;  // by the time they were spooled, within a block
    std::int64_t end_ms = INT64_MAX;
  };
  /// Calls `each` for the records of the range in order, until it says false. Damaged blocks are left out, segments of other times and
  /// numbers are not opened. E_CONFIG: no secret opens a segment.
  virtual Status read(const Range& range, const std::function<bool(const SpooledRecord&)>& each) const = 0;
};

/// Writes a new state for a folder whose own is lost or damaged (the damaged one goes to the quarantine): everything up to `delivered`
/// counts as delivered, 0: nothing does. Takes the lock. E_FATAL: in use, a whole state is there, or there is nothing to go by.
[[nodiscard]] Status rebuild_state(FileSystem& files, const std::string& folder, Sequence delivered,
                                   std::int64_t now_ms);

}  // namespace weir::host::spool
