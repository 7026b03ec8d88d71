#include "errors/backoff.h"

#include <algorithm>

namespace weir::host {

Backoff::Duration Backoff::next() {
  random_ ^= random_ << 13;  // xorshift64 (Marsaglia 2003): jitter needs spread, not secrecy
  random_ ^= random_ >> 7;
  random_ ^= random_ << 17;
  const auto whole = std::max<std::int64_t>(step_.count(), 1);
  const auto half = whole / 2;
  const auto delay = half + static_cast<std::int64_t>(random_ % static_cast<std::uint64_t>(whole - half + 1));
  step_ = std::min(step_ * 2, max_);
  return Duration(delay);
}

}  // namespace weir::host
