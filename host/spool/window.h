#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "spool/files.h"

namespace weir::host::spool {

/// A look at a file from some offset on that reads ahead, so that small pieces cost no call each. One thread.
class FileWindow {
 public:
  static constexpr std::size_t kAhead = 128 * 1024;

  explicit FileWindow(std::size_t ahead = kAhead) : ahead_(ahead) {}

  /// `file` outlives it, or the next reset().
  void reset(File* file) {
    file_ = file;
    start_ = 0;
    bytes_.clear();
  }
  /// Up to `size` bytes at `offset`, fewer where `limit` or the file ends. Valid until the next call. Errors are errno.
  [[nodiscard]] int at(std::uint64_t offset, std::uint64_t size, std::uint64_t limit, std::string_view& piece) {
    piece = {};
    if (offset >= limit) return 0;
    size = std::min(size, limit - offset);
    if (offset < start_ || offset + size > start_ + bytes_.size()) {
      if (const int error = read(offset, std::min(std::max<std::uint64_t>(size, ahead_), limit - offset)); error != 0)
        return error;
    }
    piece = std::string_view(bytes_).substr(offset - start_, size);
    return 0;
  }
  /// What it has read may have changed; large memory goes.
  void forget() {
    bytes_.clear();
    if (bytes_.capacity() > kLargest) bytes_.shrink_to_fit();
  }

 private:
  static constexpr std::size_t kLargest = 1024 * 1024;

  int read(std::uint64_t offset, std::uint64_t size) {
    start_ = offset;
    bytes_.resize(size);
    std::size_t got = 0;
    const int error = file_->read(offset, bytes_, got);
    bytes_.resize(error == 0 ? got : 0);
    return error;
  }

  const std::size_t ahead_;  // bytes a read asks for at least
  File* file_ = nullptr;
  std::uint64_t start_ = 0;
  std::string bytes_;
};

}  // namespace weir::host::spool
