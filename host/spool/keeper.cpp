#include "spool/keeper.h"

#include <cerrno>

#include "spool/fault.h"

namespace weir::host::spool {

void Keeper::tend(std::int64_t now_ms, std::uint64_t bytes) {
  StateSlot slot = state_.latest();
  slot.delivered = std::max(slot.delivered, progress_.delivered());
  std::vector<Segment> leaving = delivered(slot.delivered, now_ms, bytes);
  if (slot.hole_end <= slot.delivered + 1) slot.hole_first = slot.hole_end = slot.hole_records = 0;
  const std::vector<Segment> hole = expired(slot.delivered, slot);
  leaving.insert(leaving.end(), hole.begin(), hole.end());
  if (leaving.empty()) return;
  if (const int error = state_.store(slot); error != 0) {
    place_.log.alarm("spool_state",
                     "The state of the spool cannot be written; nothing is removed from it until it can.",
                     {{"reason", disk_error("cannot write below", place_.folder, error).message()}});
    return;
  }
  remove(leaving);
}

/// Those at the front all of which has settled.
std::vector<Segment> Keeper::delivered(Sequence up_to, std::int64_t now_ms, std::uint64_t bytes) {
  std::vector<Segment> leaving;
  std::uint64_t freed = 0;
  for (Result<Segment> segment = segments_.front(); segment; segment = segments_.after(segment->first)) {
    if (!segment->readable || segment->writing || segment->end > up_to + 1) break;
    const bool is_kept = now_ms - segment->newest_ms < limits_.keep_ms;
    if (is_kept && segments_.bytes() - freed + bytes <= limits_.max_bytes) break;
    freed += segment->bytes;
    leaving.push_back(*segment);
  }
  return leaving;
}

/// Those behind the one where delivery stands that were passed over, one behind the other.
std::vector<Segment> Keeper::expired(Sequence up_to, StateSlot& slot) {
  std::vector<Segment> leaving;
  const Result<Segment> standing = segments_.find(up_to + 1);
  if (!standing || !standing->readable || standing->writing || standing->first > up_to + 1) return leaving;
  const bool has_hole = slot.hole_first < slot.hole_end;
  if (has_hole && slot.hole_first != standing->end) return leaving;
  for (Result<Segment> segment = segments_.after(standing->first); segment; segment = segments_.after(segment->first)) {
    if (!segment->readable || segment->writing || !progress_.skipped(segment->first, segment->end)) break;
    leaving.push_back(*segment);
    if (segment->first < slot.hole_end) continue;  // it is in the hole, and could not be removed the last time
    slot.hole_first = standing->end;
    slot.hole_end = segment->end;
    slot.hole_records += segment->count;
  }
  return leaving;
}

void Keeper::remove(const std::vector<Segment>& segments) {
  fault("delete.before_unlink");
  for (const Segment& segment : segments) {
    const int error = place_.files.remove(segments_.path(segment.first));
    fault("delete.unlinked");
    if (error != 0 && error != ENOENT) {
      place_.log.alarm("spool_delete", "A segment of the spool that is not needed any more cannot be removed.",
                       {{"reason", disk_error("cannot remove", segments_.path(segment.first), error).message()}});
      break;
    }
    segments_.remove(segment.first);
  }
  static_cast<void>(place_.files.sync_folder(place_.folder));  // one that comes back is removed again
  fault("delete.folder_synced");
}

}  // namespace weir::host::spool
