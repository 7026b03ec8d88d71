#pragma once
#include <cstdint>
#include <ctime>

namespace weir::bench {

/// CPU time of the calling thread in nanoseconds: what other processes take does not count.
inline std::int64_t cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

}  // namespace weir::bench
