#pragma once
#include <memory>
#include <vector>

#include "cli/spool_tools/place.h"
#include "errors/status.h"
#include "spool/inspect.h"

namespace weir::host::cli {

/// A spool as it lies there, looked at beside whoever writes to it.
struct SpoolLook {
  SpoolPlace place;
  std::unique_ptr<spool::Inspector> inspector;
  Result<spool::StateSlot> state = spool::StateSlot();  // NOT_FOUND: there is none yet; E_DATA: neither slot is whole
  std::vector<spool::SegmentSummary> segments;
  /// The number of the next record to deliver. Of what a worker delivered last its position may not tell yet.
  spool::Sequence next = 0;

  [[nodiscard]] spool::Sequence end() const { return segments.empty() ? next : segments.back().end; }
};

/// E_CONFIG: the secrets are none. E_FATAL: the disk refuses.
[[nodiscard]] Result<SpoolLook> look_at_spool(const SpoolPlace& place);

/// Both copies of its header are damaged: nothing of it can be read.
[[nodiscard]] bool is_unreadable(const spool::SegmentSummary& segment);

}  // namespace weir::host::cli
