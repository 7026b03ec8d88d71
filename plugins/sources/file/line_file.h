#pragma once
#include <cstdint>
#include <string>

#include "lines/line_reader.h"

namespace weir::plugins {

/// A regular file, read forward from an offset. One thread.
class LineFile final : public ByteSource {
 public:
  /// FatalError: missing, a folder, no permission, not a regular file.
  LineFile(std::string path, bool follows);
  ~LineFile() override;
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;

  /// The next read begins there.
  void seek(std::uint64_t offset) { next_ = offset; }
  ReadResult read(std::span<char> into) override;

  [[nodiscard]] std::uint64_t size() const;
  /// More than was read so far.
  [[nodiscard]] bool has_more() const { return size() > next_; }
  /// Bytes before `offset` end with a line end (true at the start).
  [[nodiscard]] bool line_begins_at(std::uint64_t offset) const;
  /// A line that had no end when it was read has got more since: a line end comes neither before nor at `offset`.
  [[nodiscard]] bool has_grown_inside_line(std::uint64_t offset) const;
  /// Where the line that holds the byte before `offset` begins.
  [[nodiscard]] std::uint64_t line_start(std::uint64_t offset) const;
  /// FatalError: the file is shorter than what was read of it.
  void check_not_truncated() const;
  /// FatalError: the path names another file by now, or none.
  void check_not_replaced() const;

 private:
  std::string path_;
  bool follows_;  // its end is not the end
  int descriptor_;
  std::uint64_t next_ = 0;
};

}  // namespace weir::plugins
