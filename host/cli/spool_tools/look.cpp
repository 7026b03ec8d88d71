#include "cli/spool_tools/look.h"

#include <algorithm>

namespace weir::host::cli {

bool is_unreadable(const spool::SegmentSummary& segment) {
  return segment.damaged_headers == spool::kSegmentHeaderBytes / spool::kSectorBytes;
}

Result<SpoolLook> look_at_spool(const SpoolPlace& place) {
  SpoolLook look;
  look.place = place;
  Result<std::unique_ptr<spool::Inspector>> inspector =
      spool::Inspector::open(spool::disk_files(), place.folder, place.secrets);
  if (!inspector) return inspector.status();
  look.inspector = *std::move(inspector);
  // Segments first: a state that is read behind them tells of no less than they do.
  Result<std::vector<spool::SegmentSummary>> segments = look.inspector->segments();
  if (!segments) return segments.status();
  look.segments = *std::move(segments);
  look.state = look.inspector->state();
  if (!look.state && look.state.status().code() == WEIR_E_FATAL) return look.state.status();
  look.next = std::max<spool::Sequence>(place.delivered, look.state ? look.state->delivered : 0) + 1;
  if (!look.segments.empty()) look.next = std::max(look.next, look.segments.front().first);
  return look;
}

}  // namespace weir::host::cli
