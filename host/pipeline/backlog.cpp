#include "pipeline/backlog.h"

namespace weir::host {

std::string BacklogFigures::text() const {
  const auto term = [](const char* name, std::uint64_t count) { return name + std::to_string(count); };
  return term("start=", start) + term(" spooled=", spooled) + term(" taken=", taken) + term(" expired=", expired) +
         term(" damaged=", damaged) + term(" records=", records);
}

void BacklogFigures::add_later(const BacklogFigures& later) {
  BacklogFigures all = later;
  all.start = start;
  all.spooled += spooled;
  all.taken += taken;
  all.expired += expired;
  all.damaged += damaged;
  all.damaged_blocks += damaged_blocks;
  all.syncs += syncs;
  *this = all;
}

}  // namespace weir::host
