#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace weir::bench {

/// The whole lines of a file, in blocks of up to 4 MiB. One thread.
class LineBlocks {
 public:
  /// `padding`: bytes behind a block that may be read. Throws std::runtime_error.
  explicit LineBlocks(const std::string& path, std::size_t padding);
  ~LineBlocks();
  LineBlocks(const LineBlocks&) = delete;
  LineBlocks& operator=(const LineBlocks&) = delete;

  /// The next whole lines, each with its end; empty: there are none for now. Valid until the next call.
  [[nodiscard]] std::string_view next();

 private:
  int file_;
  std::string buffer_;
  std::size_t given_ = 0;  // bytes of the buffer's start that next() gave out
  std::size_t filled_ = 0;
};

}  // namespace weir::bench
