#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weir::plugins {

enum class ReadState : std::uint8_t {
  data,     // bytes, or lines, came
  nothing,  // none now, perhaps later
  end,      // none any more
  failed,   // `error` says why
};

struct ReadResult {
  ReadState state = ReadState::nothing;
  std::size_t bytes = 0;
  int error = 0;  // errno of a failed read
};

/// Where a LineReader gets its bytes: read(2) in clean words.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual ReadResult read(std::span<char> into) = 0;
};

/// Where its lines go. Offsets count bytes from the start of the stream to the one after the line and its end.
class LineTarget {
 public:
  virtual ~LineTarget() = default;
  /// Memory that lives as long as the lines in it have to. null: more than one record may take.
  virtual char* buffer(std::size_t size) = 0;
  /// `text` lies in the latest buffer; without its line end.
  virtual void line(std::string_view text, std::uint64_t end) = 0;
  /// A line over the limit was passed over.
  virtual void too_long(std::uint64_t end) = 0;
};

struct LineLimits {
  std::uint32_t lines = 64;
  std::size_t bytes = 128 * 1024;  // a longer line gets a buffer of its own size
};

/// Cuts a stream of bytes into lines, in bounded memory whatever the stream holds: a block is read straight into the target's
/// buffer, lines are views into it, and what is left over waits here for the next poll. A line ends with LF or CRLF or with the stream;
/// a UTF-8 byte order mark at the stream's start is cut; lines of ASCII blanks are skipped. One thread.
class LineReader {
 public:
  /// `offset`: where in the stream `source` stands at the first poll.
  LineReader(std::size_t max_line_bytes, std::uint64_t offset) : max_line_bytes_(max_line_bytes), offset_(offset) {}

  /// Passes silently over what is left of a line that began before the offset.
  void begin_inside_line() { skip_ = Skip::silent; }

  /// At most one slice of lines; bounded work even when none is found. Call it when there may be something to read.
  ReadResult poll(ByteSource& source, LineTarget& target, const LineLimits& limits);

  /// Lines may be left from earlier reads: poll again without waiting for the source.
  [[nodiscard]] bool has_lines() const { return scanned_ < kept_.size() || (ended_ && !kept_.empty()); }
  /// Gives back the memory of a line whose end has not come: the source has to go on at offset() again. Only without has_lines().
  void forget_unfinished();
  /// Of the first byte that belongs to no line given so far.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }

 private:
  enum class Skip : std::uint8_t { no, announced, silent };

  ReadResult read_block(ByteSource& source, LineTarget& target, const LineLimits& limits);
  ReadResult read_long_line(ByteSource& source, LineTarget& target, const LineLimits& limits);
  ReadResult skip_line(ByteSource& source, LineTarget& target, const LineLimits& limits);
  std::size_t split(std::string_view block, const LineLimits& limits, LineTarget& target);
  bool give(std::string_view line, std::size_t line_end_bytes, LineTarget& target);
  void give_long_line(std::size_t length, std::size_t line_end_bytes, LineTarget& target);
  void count_in(std::size_t length);
  void keep(std::string_view rest, bool has_line_end);
  [[nodiscard]] std::size_t block_size(const LineLimits& limits) const;
  [[nodiscard]] std::string_view rest() const { return {kept_.data(), kept_.size()}; }

  std::size_t max_line_bytes_;
  std::uint64_t offset_;
  std::vector<char> kept_;      // read, not yet given
  std::size_t scanned_ = 0;     // of kept_, from its start: holds no line end
  std::size_t average_ = 1024;  // bytes of a line, for the size of the next block
  Skip skip_ = Skip::no;
  bool ended_ = false;
};

}  // namespace weir::plugins
