#include "lines/line_reader.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace weir::plugins {
namespace {

constexpr std::size_t kSmallestBlock = 4 * 1024;
constexpr std::size_t kStep = 64 * 1024;  // of reads outside a block; what is left of one is the next block
constexpr std::size_t kWorkPerPoll = 16 * 1024 * 1024;  // bytes of a long line per poll, so that a stop is seen soon
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// Offset of the first LF at or after `from`, or npos.
std::size_t find_line_end(std::string_view text, std::size_t from) {
  if (from >= text.size()) return std::string_view::npos;
  const void* found = std::memchr(text.data() + from, '\n', text.size() - from);
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool blank(std::string_view line) { return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos; }

/// What is left of a line without the CR of its line end and the mark of a stream that starts with it.
std::string_view trim(std::string_view line, bool has_end, std::uint64_t start) {
  if (has_end && line.ends_with('\r')) line.remove_suffix(1);
  if (start == 0 && line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  return line;
}

}  // namespace

ReadResult LineReader::poll(ByteSource& source, LineTarget& target, const LineLimits& limits) {
  if (skip_ != Skip::no) return skip_line(source, target, limits);
  if (!has_lines() && (rest().size() >= block_size(limits) || average_ > limits.bytes))
    return read_long_line(source, target, limits);
  return read_block(source, target, limits);
}

std::size_t LineReader::block_size(const LineLimits& limits) const {
  const std::size_t wanted = average_ * (limits.lines + 4);  // a few more than fit, so that all of them are there
  return std::clamp(wanted, std::min(kSmallestBlock, limits.bytes), limits.bytes);
}

ReadResult LineReader::read_block(ByteSource& source, LineTarget& target, const LineLimits& limits) {
  std::size_t filled = rest().size();
  const std::size_t size = std::max(filled, block_size(limits));
  char* block = target.buffer(size);
  if (block == nullptr) return {ReadState::failed, 0, ENOMEM};
  std::copy_n(rest().data(), filled, block);
  ReadResult got{ReadState::data};
  if (filled < size && !ended_) got = source.read({block + filled, size - filled});
  // What was read before the failure is given first: the next read tells it again.
  if (got.state == ReadState::failed && !has_lines()) return got;
  ended_ = ended_ || got.state == ReadState::end;
  filled += got.bytes;
  const std::size_t used = split({block, filled}, limits, target);
  keep({block + used, filled - used}, find_line_end({block + used, filled - used}, 0) != std::string_view::npos);
  if (ended_ && rest().empty()) return {ReadState::end};
  return {got.bytes > 0 || used > 0 ? ReadState::data : ReadState::nothing, used};
}

/// Gives the lines of a block; returns how many of its bytes they took.
std::size_t LineReader::split(std::string_view block, const LineLimits& limits, LineTarget& target) {
  std::size_t start = 0;
  std::size_t from = scanned_;
  std::uint32_t lines = 0;
  // A block may hold more than a poll may give: what was gathered behind a long line.
  while (lines < limits.lines && start < block.size() && (lines == 0 || start < limits.bytes)) {
    const std::size_t end = find_line_end(block, from);
    if (end == std::string_view::npos && !ended_) break;
    const bool has_end = end != std::string_view::npos;
    const std::string_view line = block.substr(start, has_end ? end - start : std::string_view::npos);
    if (give(line, has_end ? 1 : 0, target)) ++lines;
    start += line.size() + (has_end ? 1 : 0);
    from = start;
  }
  if (lines > 0) count_in(start / lines);
  return start;
}

void LineReader::count_in(std::size_t length) { average_ = (3 * average_ + length) / 4 + 1; }

/// false: the line is blank.
bool LineReader::give(std::string_view line, std::size_t line_end_bytes, LineTarget& target) {
  const std::string_view text = trim(line, line_end_bytes > 0, offset_);
  offset_ += line.size() + line_end_bytes;
  if (blank(text)) return false;
  if (text.size() > max_line_bytes_) {
    target.too_long(offset_);
  } else {
    target.line(text, offset_);
  }
  return true;
}

void LineReader::forget_unfinished() {
  kept_ = {};
  scanned_ = 0;
}

void LineReader::keep(std::string_view rest, bool has_line_end) {
  kept_.assign(rest.begin(), rest.end());
  scanned_ = has_line_end ? 0 : rest.size();
}

/// A line that is longer than a block is gathered here, since its length is not known: the target's memory is taken once, in
/// the right size.
ReadResult LineReader::read_long_line(ByteSource& source, LineTarget& target, const LineLimits& limits) {
  const std::size_t least = std::min(kStep, limits.bytes);
  const std::size_t most = std::clamp(max_line_bytes_, least, 16 * kStep);
  for (std::size_t work = 0; work < kWorkPerPoll;) {
    const std::size_t before = kept_.size();
    kept_.resize(before + std::clamp(rest().size(), least, most));
    const ReadResult got = source.read({kept_.data() + before, kept_.size() - before});
    kept_.resize(before + got.bytes);
    work += got.bytes;
    if (got.state == ReadState::failed) return got;
    const std::size_t end = find_line_end(rest(), scanned_);
    if (end != std::string_view::npos) return give_long_line(end, 1, target), ReadResult{ReadState::data};
    scanned_ = rest().size();
    if (scanned_ > max_line_bytes_ + kByteOrderMark.size() + 1) {  // 1: it may end with a CR
      skip_ = Skip::announced;
      return skip_line(source, target, limits);
    }
    if (got.state == ReadState::end) {
      ended_ = true;
      give_long_line(scanned_, 0, target);
      return {ReadState::end};
    }
    if (got.state == ReadState::nothing) return got;
  }
  return {ReadState::data};
}

void LineReader::give_long_line(std::size_t length, std::size_t line_end_bytes, LineTarget& target) {
  const std::string_view line = rest().substr(0, length);
  const std::string_view text = trim(line, line_end_bytes > 0, offset_);
  const bool nothing_in_it = blank(text);
  char* own = nothing_in_it || text.size() > max_line_bytes_ ? nullptr : target.buffer(text.size());
  offset_ += length + line_end_bytes;
  count_in(length);
  if (own != nullptr) {
    std::memcpy(own, text.data(), text.size());
    target.line({own, text.size()}, offset_);
  } else if (!nothing_in_it) {
    target.too_long(offset_);
  }
  const std::vector<char> read = std::exchange(kept_, {});  // the long line's memory goes back
  const std::string_view behind = std::string_view(read.data(), read.size()).substr(length + line_end_bytes);
  keep(behind, find_line_end(behind, 0) != std::string_view::npos);
}

/// Reads over the rest of a line, keeping none of it but what follows.
ReadResult LineReader::skip_line(ByteSource& source, LineTarget& target, const LineLimits& limits) {
  offset_ += rest().size();
  kept_ = {};
  scanned_ = 0;
  std::vector<char> block(std::min(kStep, limits.bytes));
  ReadResult got{ReadState::data};
  for (std::size_t work = 0; work < kWorkPerPoll && got.state == ReadState::data; work += got.bytes) {
    got = source.read(block);
    const std::string_view read(block.data(), got.bytes);
    const std::size_t end = find_line_end(read, 0);
    const std::string_view behind = end == std::string_view::npos ? std::string_view() : read.substr(end + 1);
    offset_ += read.size() - behind.size();
    ended_ = got.state == ReadState::end;
    if (end == std::string_view::npos && !ended_) continue;
    if (skip_ == Skip::announced) target.too_long(offset_);
    skip_ = Skip::no;
    keep(behind, find_line_end(behind, 0) != std::string_view::npos);
    return {ended_ && behind.empty() ? ReadState::end : ReadState::data};
  }
  return {got.state, 0, got.error};
}

}  // namespace weir::plugins
