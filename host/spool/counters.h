#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>

namespace weir::host::spool {

/// What the reading side counts, each where it happens; records unless said. Thread-safe.
struct Counters {
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::uint64_t> expired{0};
  std::atomic<std::uint64_t> damaged{0};
  std::atomic<std::uint64_t> damaged_blocks{0};  // pieces put into quarantine

  /// So many records will be passed again.
  void take_back(std::uint64_t records) {
    for (auto* const count : {&taken, &expired, &damaged}) {
      const std::uint64_t some = std::min<std::uint64_t>(records, *count);
      *count -= some;
      records -= some;
    }
  }
  void reset() { taken = expired = damaged = damaged_blocks = 0; }
};

}  // namespace weir::host::spool
