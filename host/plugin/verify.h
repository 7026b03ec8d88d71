#pragma once
#include <sys/types.h>

#include <string>

#include "errors/status.h"

namespace weir::host::plugin {

/// Which file a path leads to, whatever its name.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  friend auto operator<=>(const FileId&, const FileId&) = default;
};

/// Looks at a file before any of its code runs: a regular file, a whole shared library for this machine, and a Weir plugin of
/// this host's ABI major. An error says which of these it is not, without the file's name.
[[nodiscard]] Result<FileId> verify_file(const std::string& file);

}  // namespace weir::host::plugin
