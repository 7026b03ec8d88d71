#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/spool_place.h"
#include "errors/status.h"
#include "spool/format.h"
#include "spool/place.h"

namespace weir::host::cli {

/// A segment as its header, its footer and the one behind it tell.
struct SpoolSegment {
  std::string name;
  std::string path;
  spool::Sequence first = 0;  // by its name
  spool::Sequence end = 0;    // one behind its last record
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;    // of the file
  std::uint64_t durable = 0;  // so far it is known to have been on the disk
  std::int64_t oldest_ms = 0;
  std::int64_t newest_ms = 0;
  std::optional<spool::SegmentHeader> header;  // nothing: both copies are damaged, and nothing of it can be read
  bool is_header_hurt = false;                 // one copy is damaged
  bool is_sealed = false;
  bool is_last = false;
};

/// What stands at some place of a segment.
struct SpoolPiece {
  enum class State {
    whole,
    damaged,
    unfinished
  };  // unfinished: at the end of the newest segment, and never acknowledged
  State state = State::whole;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::optional<spool::BlockHeader> header;  // nothing: bytes that are no block
  std::string_view records;                  // packed records of a whole block, where they were asked for
};

/// What lies in a spool's folder, looked at beside whoever writes there: nothing is locked, changed or kept open. One thread.
class SpoolContents {
 public:
  enum class Depth { headers, payloads, records };  // how far blocks are read; records: opened, which may need a secret

  /// E_CONFIG: the secrets are no secrets. E_FATAL: the disk refuses.
  [[nodiscard]] static Result<SpoolContents> look(const SpoolPlace& place);

  [[nodiscard]] const std::vector<SpoolSegment>& segments() const { return segments_; }
  /// The newer slot. NOT_FOUND: there is none yet. E_DATA: none is whole.
  [[nodiscard]] const Result<spool::StateSlot>& state() const { return state_; }
  /// Everything before it was delivered, as far as its own state and the pipeline's position tell; a lower bound.
  [[nodiscard]] spool::Sequence next_to_deliver() const;
  [[nodiscard]] spool::Sequence end() const { return segments_.empty() ? next_to_deliver() : segments_.back().end; }

  /// Shows the pieces of a segment in order until `visit` says false. A segment that was deleted meanwhile has none. E_CONFIG: no secret
  /// given opens it. E_FATAL: the disk refuses.
  [[nodiscard]] Status walk(const SpoolSegment& segment, Depth depth,
                            const std::function<bool(const SpoolPiece&)>& visit) const;

 private:
  explicit SpoolContents(spool::Place place) : place_(std::move(place)) {}

  [[nodiscard]] Status list();
  [[nodiscard]] Status learn(SpoolSegment& segment) const;
  void count_by_neighbours();
  [[nodiscard]] Status count_by_looking(SpoolSegment& segment) const;

  spool::Place place_;
  spool::Sequence delivered_ = 0;  // as the pipeline's position has it
  Result<spool::StateSlot> state_ = spool::StateSlot();
  std::vector<SpoolSegment> segments_;
};

}  // namespace weir::host::cli
