#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>

#include "errors/status.h"

namespace weir::host::plugin {

/// Which file a path leads to, whatever its name, and in which state.
struct FileId {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;

  [[nodiscard]] bool is_same_file(const FileId& other) const { return device == other.device && inode == other.inode; }
  friend auto operator<=>(const FileId&, const FileId&) = default;
};

/// Looks at a file before any of its code runs: a regular file, a whole shared library for this machine, and a Weir plugin of
/// this host's ABI major. An error says which of these it is not, without the file's name.
[[nodiscard]] Result<FileId> verify_file(const std::string& file);

}  // namespace weir::host::plugin
