#pragma once
#include <string>

namespace weir::host::cli {

/// Which file an absolute path names just now, whatever links and mounts hide: equal texts are one file. Of a device or a file that
/// is not there the path behind its links. Opens nothing.
[[nodiscard]] std::string file_identity(const std::string& path);

}  // namespace weir::host::cli
