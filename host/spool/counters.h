#pragma once
#include <atomic>
#include <cstdint>

namespace weir::host::spool {

/// What the reading side counts, each where it happens; records unless said. Thread-safe.
struct Counters {
  std::atomic<std::uint64_t> taken{0};
  std::atomic<std::uint64_t> expired{0};
  std::atomic<std::uint64_t> damaged{0};
  std::atomic<std::uint64_t> damaged_blocks{0};  // pieces put into quarantine

  void reset() { taken = expired = damaged = damaged_blocks = 0; }
};

}  // namespace weir::host::spool
