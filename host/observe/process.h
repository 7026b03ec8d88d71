#pragma once
#include <cstdint>
#include <optional>

namespace weir::host::observe {

/// What the kernel says of this process (proc(5)).
struct ProcessFigures {
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  double cpu_seconds = 0;    // user and system
  double start_seconds = 0;  // since 1970
  std::uint64_t open_files = 0;
};

/// Nothing where /proc cannot be read.
[[nodiscard]] std::optional<ProcessFigures> process_figures();

}  // namespace weir::host::observe
