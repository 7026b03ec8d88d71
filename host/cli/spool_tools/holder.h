#pragma once
#include <string>

namespace weir::host::cli {

/// The process that holds a lock of flock(2) on the file, by what the kernel tells of its locks; 0: none that can be seen. Taking the
/// lock to see would keep a worker from starting meanwhile.
[[nodiscard]] long holder_of(const std::string& lock_file);

}  // namespace weir::host::cli
