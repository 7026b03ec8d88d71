#include "contents.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>
#include <weir/error.hpp>

namespace weir::plugins {
namespace {

constexpr std::size_t kRawBlock = 64 * 1024;
constexpr std::size_t kBlock = 64 * 1024;
constexpr int kDamaged = EBADMSG;
constexpr int kCutOff = ENODATA;

}  // namespace

Contents::Contents(const std::string& path, bool grows) : file_(path), packing_(packing_of(path)), grows_(grows) {
  if (packing_ != Packing::none) restart();
}

void Contents::restart() {
  unpacker_ = make_unpacker(packing_);
  state_ = Unpacker::State::between;
  raw_.clear();
  raw_taken_ = 0;
  raw_next_ = next_ = last_line_ = 0;
}

std::string Contents::failure(int error) const {
  const std::string at = " after byte " + std::to_string(next_) + " of its contents";
  const std::string name = packing_ == Packing::gzip ? "gzip" : "zstd";
  if (packing_ != Packing::none && error == kDamaged)
    return "cannot read " + file_.path() + ": it is damaged or no " + name + at;
  if (packing_ != Packing::none && error == kCutOff)
    return "cannot read " + file_.path() + ": it is cut off, its last " + name + " member has no end," + at;
  return "cannot read " + file_.path() + ": " + std::generic_category().message(error);
}

void Contents::seek(std::uint64_t offset) {
  if (packing_ == Packing::none) {
    next_ = offset;
    return;
  }
  if (!reaches(offset))
    throw FatalError(file_.path() + " is shorter than the stored position (" + std::to_string(next_) +
                     " bytes, position " + std::to_string(offset) +
                     "): it is not the file it was; --fresh reads it from the start");
}

bool Contents::reaches(std::uint64_t offset) {
  if (packing_ == Packing::none) return file_.look().size >= offset;
  const ReadResult result = seek_packed(offset);
  if (result.state == ReadState::failed) throw FatalError(failure(result.error));
  return next_ == offset;
}

/// As far as there are contents.
ReadResult Contents::seek_packed(std::uint64_t offset) {
  if (offset < next_) restart();
  std::vector<char> block(kBlock);
  ReadResult got{ReadState::data};
  while (next_ < offset && got.state == ReadState::data) {
    const std::uint64_t before = next_;
    got = read_packed(std::span(block).first(std::min<std::uint64_t>(block.size(), offset - next_)));
    const std::size_t line_end = std::string_view(block.data(), got.bytes).rfind('\n');
    if (line_end != std::string_view::npos) last_line_ = before + line_end + 1;
  }
  return got;
}

std::uint64_t Contents::seek_to_end() {
  if (packing_ == Packing::none) return next_ = file_.look().size;
  std::vector<char> block(kBlock);
  ReadResult got{ReadState::data};
  while (got.state == ReadState::data) got = read_packed(block);
  if (got.state == ReadState::failed) throw FatalError(failure(got.error));
  return next_;
}

ReadResult Contents::at_end() const { return {grows_ ? ReadState::nothing : ReadState::end}; }

ReadResult Contents::read(std::span<char> into) {
  if (grows_) {
    if (next_ >= limit_) return at_end();
    into = into.first(std::min<std::uint64_t>(into.size(), limit_ - next_));
  }
  if (packing_ != Packing::none) return read_packed(into);
  const std::int64_t got = file_.read_at(next_, into);
  if (got < 0) return {ReadState::failed, 0, static_cast<int>(-got)};
  if (got == 0) return at_end();
  next_ += static_cast<std::uint64_t>(got);
  return {ReadState::data, static_cast<std::size_t>(got)};
}

ReadResult Contents::read_packed(std::span<char> into) {
  std::size_t given = 0;
  while (given < into.size()) {
    const std::span<const char> in(raw_.data() + raw_taken_, raw_.size() - raw_taken_);
    const Unpacker::Step step = unpacker_->unpack(in, into.subspan(given));
    state_ = step.state;
    raw_taken_ += step.taken;
    given += step.given;
    if (state_ == Unpacker::State::broken) break;
    if (step.taken > 0 || step.given > 0) continue;
    if (!refill()) break;
  }
  next_ += given;
  if (given > 0) return {ReadState::data, given};
  if (state_ == Unpacker::State::broken) return {ReadState::failed, 0, kDamaged};
  if (read_error_ != 0) return {ReadState::failed, 0, std::exchange(read_error_, 0)};
  if (state_ == Unpacker::State::inside && !grows_) return {ReadState::failed, 0, kCutOff};
  return at_end();
}

/// False: nothing more on disk, or it cannot be read.
bool Contents::refill() {
  raw_.erase(raw_.begin(), raw_.begin() + static_cast<std::ptrdiff_t>(raw_taken_));
  raw_taken_ = 0;
  const std::size_t left = raw_.size();
  raw_.resize(left + kRawBlock);
  const std::int64_t got = file_.read_at(raw_next_, std::span(raw_).subspan(left));
  raw_.resize(left + static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
  raw_next_ += static_cast<std::uint64_t>(std::max<std::int64_t>(got, 0));
  if (got < 0) read_error_ = static_cast<int>(-got);
  return got > 0;
}

std::int64_t Contents::unread() const {
  const std::uint64_t read = packing_ == Packing::none ? next_ : raw_next_ - (raw_.size() - raw_taken_);
  return static_cast<std::int64_t>(file_.look().size) - static_cast<std::int64_t>(read);
}

std::string Contents::start(std::uint32_t bytes) const {
  std::string start(std::min(bytes, Fingerprint::kBytes), '\0');
  if (packing_ != Packing::none) {
    start.resize(unpack_start(start));
  } else {
    start.resize(static_cast<std::size_t>(std::max<std::int64_t>(file_.read_at(0, start), 0)));
  }
  return start;
}

/// The first bytes of a packed file, whatever was read of it; as many as there are.
std::size_t Contents::unpack_start(std::span<char> out) const {
  const auto unpacker = make_unpacker(packing_);
  std::array<char, 4096> raw;
  std::uint64_t at = 0;
  std::size_t filled = 0;
  while (filled < out.size()) {
    const std::int64_t got = file_.read_at(at, raw);
    const auto in = std::span<const char>(raw).first(static_cast<std::size_t>(std::max<std::int64_t>(got, 0)));
    const Unpacker::Step step = unpacker->unpack(in, out.subspan(filled));
    at += step.taken;
    filled += step.given;
    if (step.state == Unpacker::State::broken || (step.taken == 0 && step.given == 0)) break;
  }
  return filled;
}

std::optional<char> Contents::byte_at(std::uint64_t offset) {
  char byte = 0;
  if (packing_ == Packing::none) {
    const std::int64_t bytes = file_.read_at(offset, {&byte, 1});
    if (bytes < 0) throw FatalError(failure(static_cast<int>(-bytes)));
    return bytes == 1 ? std::optional(byte) : std::nullopt;
  }
  seek(offset);
  const ReadResult got = read_packed({&byte, 1});
  return got.bytes == 1 ? std::optional(byte) : std::nullopt;  // what is damaged is told when it is read
}

bool Contents::line_begins_at(std::uint64_t offset) {
  return offset == 0 || byte_at(offset - 1).value_or('\n') == '\n';
}

std::uint64_t Contents::resume_at(std::uint64_t offset) {
  if (line_begins_at(offset)) return offset;
  const std::optional<char> next = byte_at(offset);
  const bool grown = next ? *next != '\n' && *next != '\r' : grows_;
  return grown ? line_start(offset) : offset;
}

std::uint64_t Contents::line_start(std::uint64_t offset) {
  if (packing_ != Packing::none) {
    seek(0);
    seek(offset);
    return last_line_;
  }
  std::array<char, 4096> block;
  while (offset > 0) {
    const std::uint64_t size = std::min<std::uint64_t>(offset, block.size());
    const std::int64_t got = file_.read_at(offset - size, std::span(block).first(size));
    if (got < 0) throw FatalError(failure(static_cast<int>(-got)));
    if (got != static_cast<std::int64_t>(size)) return offset;  // cut short just now, which the next read finds out
    const std::size_t before = std::string_view(block.data(), size).rfind('\n');
    offset -= size;
    if (before != std::string_view::npos) return offset + before + 1;
  }
  return 0;
}

}  // namespace weir::plugins
