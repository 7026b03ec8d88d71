#include "list_reader.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <system_error>

#include "json_text/json_text.h"
#include "lines/line_reader.h"

namespace weir::plugins {
namespace {

constexpr std::size_t kBlock = 1024 * 1024;
constexpr std::size_t kLongestLine = 64 * 1024;

/// Reads at an offset, so that the descriptor's own stays where it is. 0: the end.
std::size_t read_at(int descriptor, std::span<char> into, std::uint64_t offset) {
  while (true) {
    const ssize_t got = pread(descriptor, into.data(), into.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) throw ListError("cannot be read: " + std::generic_category().message(errno));
  }
}

/// Line ends among the first `bytes` of the file.
std::size_t count_line_ends(int descriptor, std::uint64_t bytes) {
  std::vector<char> block(kBlock);
  std::size_t count = 0;
  for (std::uint64_t at = 0; at < bytes;) {
    const std::size_t wanted = std::min<std::uint64_t>(block.size(), bytes - at);
    const std::size_t got = read_at(descriptor, {block.data(), wanted}, at);
    if (got == 0) break;
    count += static_cast<std::size_t>(std::count(block.data(), block.data() + got, '\n'));
    at += got;
  }
  return count;
}

class ListBytes final : public ByteSource {
 public:
  explicit ListBytes(int descriptor) : descriptor_(descriptor) {}
  ReadResult read(std::span<char> into) override {
    const std::size_t got = read_at(descriptor_, into, at_);
    at_ += got;
    return {got == 0 ? ReadState::end : ReadState::data, got};
  }

 private:
  int descriptor_;
  std::uint64_t at_ = 0;
};

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

class EntryReader final : public LineTarget {
 public:
  EntryReader(int descriptor, const IdentityHasher& hasher) : descriptor_(descriptor), hasher_(hasher) {
    hashes_.reserve(count_line_ends(descriptor, std::numeric_limits<std::uint64_t>::max()) + 1);
  }

  char* buffer(std::size_t size) override {
    buffer_.resize(std::max(size, buffer_.size()));
    return buffer_.data();
  }

  void line(std::string_view text, std::uint64_t end) override {
    const std::string_view entry = trimmed(text);
    if (entry.empty() || entry.front() == '#') return;
    const std::size_t colon = entry.find(':');
    if (colon == std::string_view::npos) refuse(end, "has no colon: kind:value is asked for");
    const auto kind = hasher_.kind(trimmed(entry.substr(0, colon)));
    if (!kind) refuse(end, "begins with a kind that `identities` does not name");
    const std::string_view value = trimmed(entry.substr(colon + 1));
    if (value.empty()) refuse(end, "has no value");
    if (!is_utf8(value) || has_control(value)) refuse(end, "holds what is no text (UTF-8, without control characters)");
    if (value.find(" #") != std::string_view::npos)
      refuse(end, "has a blank and # in its value: comments need lines of their own");
    hashes_.push_back(hasher_.hash(*kind, value));
  }

  void too_long(std::uint64_t end) override { refuse(end, "is longer than 64 KiB"); }

  std::vector<IdentityHash> take() { return std::move(hashes_); }

 private:
  [[noreturn]] void refuse(std::uint64_t end, const char* why) const {
    throw ListError("line " + std::to_string(count_line_ends(descriptor_, end - 1) + 1) + ' ' + why);
  }

  int descriptor_;
  const IdentityHasher& hasher_;
  std::vector<char> buffer_;
  std::vector<IdentityHash> hashes_;
};

}  // namespace

IdentitySet read_list(int descriptor, const IdentityHasher& hasher) {
  constexpr LineLimits kLimits{.lines = 64 * 1024, .bytes = kBlock};
  ListBytes bytes(descriptor);
  EntryReader entries(descriptor, hasher);
  LineReader lines(kLongestLine, 0);
  while (lines.poll(bytes, entries, kLimits).state != ReadState::end) {
  }
  return IdentitySet(entries.take());
}

}  // namespace weir::plugins
