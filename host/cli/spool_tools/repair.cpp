#include <cstdio>

#include "cli/moment.h"
#include "cli/spool_tools/actions.h"
#include "cli/spool_tools/words.h"

namespace weir::host::cli {
namespace {

/// The worker itself leaves out what is damaged and puts it into quarantine; it is told so that nobody waits for more.
Status tell_damage(const SpoolLook& look, bool& told) {
  for (const spool::SegmentSummary& segment : look.segments) {
    const std::string name = spool::segment_name(segment.first);
    if (is_unreadable(segment)) {
      std::printf("left to the worker: %s, both of its headers are damaged; it goes to quarantine\n", name.c_str());
      told = true;
      continue;
    }
    const Result<spool::Verdict> verdict = look.inspector->verify(segment.first);
    if (!verdict && verdict.status().code() != WEIR_NOT_FOUND) return verdict.status();
    if (!verdict || verdict->damaged.empty()) continue;
    std::printf("left to the worker: %s damaged places of %s; they go to quarantine\n",
                count_text(verdict->damaged.size()).c_str(), name.c_str());
    told = true;
  }
  return {};
}

bool needs_state(const SpoolLook& look) {
  if (look.state) return false;
  return look.state.status().code() != WEIR_NOT_FOUND || !look.segments.empty();
}

/// As little as is certain: what is not known to be delivered comes again, and nothing is lost.
Status make_state(const SpoolLook& look, bool plan) {
  std::printf(
      "%s a new state, the damaged one goes to quarantine: record %llu is the next to deliver, and what was "
      "delivered behind it comes twice\n",
      plan ? "would make" : "making", static_cast<unsigned long long>(look.next));
  return plan ? Status() : spool::rebuild_state(spool::disk_files(), look.place.folder, look.next - 1, wall_clock_ms());
}

}  // namespace

int spool_repair(const SpoolLook& look, bool plan) {
  bool told = false;
  Status status = tell_damage(look, told);
  if (status.ok() && needs_state(look))
    status = make_state(look, plan);
  else if (status.ok() && !told)
    std::puts("nothing to repair");
  return status.ok() ? kExitDone : complain(status.message(), kExitFailed);
}

}  // namespace weir::host::cli
