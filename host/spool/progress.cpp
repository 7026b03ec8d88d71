#include "spool/progress.h"

#include <algorithm>

namespace weir::host::spool {

void Progress::begin(Sequence delivered) {
  const std::lock_guard lock(mutex_);
  delivered_ = delivered;
  skipped_.clear();
}

void Progress::skip(Sequence first, Sequence end) {
  const std::lock_guard lock(mutex_);
  if (first >= end) return;
  if (!skipped_.empty() && skipped_.back().end >= first) {
    skipped_.back().end = std::max(skipped_.back().end, end);
  } else {
    skipped_.push_back({first, end});
  }
  absorb();
}

void Progress::settle(Sequence sequence) {
  const std::lock_guard lock(mutex_);
  delivered_ = std::max(delivered_, sequence);
  absorb();
}

void Progress::absorb() {
  while (!skipped_.empty() && skipped_.front().first <= delivered_ + 1) {
    delivered_ = std::max(delivered_, skipped_.front().end - 1);
    skipped_.pop_front();
  }
}

Sequence Progress::delivered() const {
  const std::lock_guard lock(mutex_);
  return delivered_;
}

bool Progress::skipped(Sequence first, Sequence end) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(skipped_.begin(), skipped_.end(),
                     [&](const Range& range) { return range.first <= first && end <= range.end; });
}

}  // namespace weir::host::spool
