#pragma once
#include <weir/source.hpp>

#include "lines/line_reader.h"

namespace weir::plugins {

/// Makes records of lines, in the memory of one poll. How a line's resume point is made is up to the source. [task], during one poll.
class LineRecords : public LineTarget {
 public:
  explicit LineRecords(Output& out) : out_(out) {}
  char* buffer(std::size_t size) final { return out_.buffer(size); }
  void line(std::string_view text, std::uint64_t end) final;
  void too_long(std::uint64_t end) final;
  /// Whether it made none yet.
  [[nodiscard]] bool empty() const { return empty_; }

 protected:
  [[nodiscard]] Output& out() { return out_; }
  /// The origin of the line that ends at `end`.
  virtual Origin origin(std::uint64_t end) = 0;

 private:
  Record append(std::uint64_t end);

  Output& out_;
  bool empty_ = true;
};

/// What a source offers the reader at most in one poll.
[[nodiscard]] LineLimits line_limits(const Output& out);

/// The longest line a source takes: the setting `max_line_bytes`, and no more than one record may have. ConfigError: zero.
[[nodiscard]] std::size_t longest_line(const Context& config);

}  // namespace weir::plugins
