#pragma once
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "pipeline/backlog.h"

namespace weir::host::fake {

/// What a spool in memory keeps; outlives it, so that a test can look and a second run can go on.
struct SpoolDisk {
  struct Kept {
    std::string value;
    std::optional<std::string> key;
  };
  std::mutex mutex;
  std::deque<Kept> records;  // the n-th, from 1, has the offset n
  std::size_t capacity = SIZE_MAX;
  int opened = 0;                   // ends that have started and not stopped
  int most_opened = 0;              // of several spools on it too
  Status sink_answer;               // of the start of its sinks
  std::size_t fails_at = SIZE_MAX;  // put: when so many lie in it
  std::uint64_t miscount = 0;       // it says it spooled so many more: its books are wrong
};

/// A spool in memory: acknowledges at once, refuses what is over its capacity, gives in order from the stored position on.
[[nodiscard]] std::unique_ptr<Backlog> make_spool(SpoolDisk& disk);

}  // namespace weir::host::fake
