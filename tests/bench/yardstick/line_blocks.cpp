#include "line_blocks.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>

namespace weir::bench {
namespace {

constexpr std::size_t kBlock = std::size_t{4} << 20;

}  // namespace

LineBlocks::LineBlocks(const std::string& path, std::size_t padding) : file_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (file_ < 0) throw std::runtime_error("cannot read " + path);
  buffer_.resize(kBlock + padding);
}

LineBlocks::~LineBlocks() { close(file_); }

std::string_view LineBlocks::next() {
  std::memmove(buffer_.data(), buffer_.data() + given_, filled_ - given_);
  filled_ -= given_;
  given_ = 0;
  const ssize_t got = read(file_, buffer_.data() + filled_, kBlock - filled_);
  if (got < 0) throw std::runtime_error("the events cannot be read");
  filled_ += static_cast<std::size_t>(got);
  const void* last = filled_ == 0 ? nullptr : memrchr(buffer_.data(), '\n', filled_);
  if (last == nullptr) {
    if (filled_ == kBlock) throw std::runtime_error("a line is longer than a block");
    return {};
  }
  given_ = static_cast<std::size_t>(static_cast<const char*>(last) - buffer_.data()) + 1;
  return {buffer_.data(), given_};
}

}  // namespace weir::bench
