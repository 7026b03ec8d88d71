#include "pipeline/overflow.h"

namespace weir::host {

void OverflowNotice::kept(std::size_t count, const char* why, const Overflow& where) {
  kept_ += count;
  log_.alarm("dead_letter_overflow", "The dead letter sink refuses dead letters; they are kept in a file.",
             {{"records", kept_}, {"reason", why}, {"file", where.place()}});
}

void OverflowNotice::at_end(const Overflow& where) const {
  if (kept_ == 0) return;
  log_.warn("Dead letters that their sink refused are kept in a file.", {{"records", kept_}, {"file", where.place()}});
}

}  // namespace weir::host
