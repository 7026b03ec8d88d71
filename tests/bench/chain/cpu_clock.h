#pragma once
#include <algorithm>
#include <cstdint>
#include <ctime>

namespace weir::bench {

/// CPU time of the calling thread in nanoseconds: what other processes take does not count.
inline std::int64_t cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// What looking at the clock costs itself: the least of many looks.
inline std::int64_t clock_cost_ns() {
  std::int64_t least = cpu_ns();
  for (int look = 0; look < 1000; ++look) {
    const std::int64_t start = cpu_ns();
    least = std::min(least, cpu_ns() - start);
  }
  return least;
}

/// CPU time of some work, without that of the clock. Any thread.
template <typename Work>
std::int64_t timed(Work&& work) {
  static const std::int64_t kClock = clock_cost_ns();
  const std::int64_t start = cpu_ns();
  work();
  return cpu_ns() - start - kClock;
}

}  // namespace weir::bench
