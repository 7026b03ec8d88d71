#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "fingerprint.h"

namespace weir::plugins {

/// What a look at a path shows.
struct FileLook {
  FileKey key;
  std::uint64_t size = 0;     // bytes on disk
  std::int64_t modified = 0;  // ns since 1970
  bool regular = false;
};

/// Empty: there is nothing under that name. FatalError: it cannot be looked at.
[[nodiscard]] std::optional<FileLook> look_at(const std::string& path);

/// An open regular file. One thread.
class RawFile {
 public:
  /// FatalError: missing, a folder, no permission, not a regular file.
  explicit RawFile(std::string path);
  ~RawFile();
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  /// Bytes read, 0 at the end, or minus an errno.
  [[nodiscard]] std::int64_t read_at(std::uint64_t offset, std::span<char> into) const;
  [[nodiscard]] FileLook look() const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_;
};

}  // namespace weir::plugins
