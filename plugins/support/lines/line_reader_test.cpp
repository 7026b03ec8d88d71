#include "lines/line_reader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace weir::plugins {
namespace {

/// Gives a text in pieces; between two pieces there may be nothing for now.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text, std::size_t piece = 1 << 20) : text_(std::move(text)), piece_(piece) {}

  ReadResult read(std::span<char> into) override {
    largest_read_ = std::max(largest_read_, into.size());
    if (pause_every_ > 0 && ++reads_ % pause_every_ == 0) return {ReadState::nothing};
    const std::size_t size = std::min({into.size(), piece_, text_.size() - next_});
    if (size == 0) return {open_end_ ? ReadState::nothing : ReadState::end};
    std::copy_n(text_.data() + next_, size, into.data());
    next_ += size;
    return {ReadState::data, size};
  }

  void pause_every(int reads) { pause_every_ = reads; }
  void append(std::string_view text) { text_ += text; }
  void keep_open() { open_end_ = true; }
  [[nodiscard]] std::size_t largest_read() const { return largest_read_; }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t next_ = 0;
  std::size_t largest_read_ = 0;
  int pause_every_ = 0;
  int reads_ = 0;
  bool open_end_ = false;
};

struct Line {
  std::string text;
  std::uint64_t end;
  bool too_long = false;
  bool operator==(const Line&) const = default;
};

class Lines final : public LineTarget {
 public:
  char* buffer(std::size_t size) override {
    if (size > limit_) return nullptr;
    buffers_.push_back(std::make_unique<char[]>(size));
    memory_ += size;
    return buffers_.back().get();
  }
  void line(std::string_view text, std::uint64_t end) override { all_.push_back({std::string(text), end}); }
  void too_long(std::uint64_t end) override { all_.push_back({"", end, true}); }

  void limit(std::size_t bytes) { limit_ = bytes; }
  void next_slice() { buffers_.clear(), memory_ = 0; }
  [[nodiscard]] const std::vector<Line>& all() const { return all_; }
  [[nodiscard]] std::size_t memory() const { return memory_; }

 private:
  std::vector<std::unique_ptr<char[]>> buffers_;
  std::vector<Line> all_;
  std::size_t limit_ = 1 << 24;
  std::size_t memory_ = 0;
};

std::vector<Line> read_all(LineReader& reader, TextSource& source, Lines& lines, const LineLimits& limits = {}) {
  for (int polls = 0; polls < 1'000'000; ++polls) {
    const std::size_t before = lines.all().size();
    const ReadResult result = reader.poll(source, lines, limits);
    REQUIRE(lines.all().size() - before <= limits.lines);
    lines.next_slice();
    if (result.state == ReadState::end) return lines.all();
  }
  FAIL("the reader did not come to an end");
  return {};
}

std::vector<Line> read_text(const std::string& text, std::size_t max_line_bytes = 1 << 20) {
  TextSource source(text);
  Lines lines;
  LineReader reader(max_line_bytes, 0);
  return read_all(reader, source, lines);
}

/// The plain way: the whole text at once.
std::vector<Line> reference(std::string_view text, std::size_t max_line_bytes) {
  std::vector<Line> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t found = text.find('\n', start);
    const std::size_t next = found == std::string_view::npos ? text.size() : found + 1;
    std::string line(text.substr(start, (found == std::string_view::npos ? next : found) - start));
    if (found != std::string_view::npos && line.ends_with('\r')) line.pop_back();
    if (start == 0 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    const bool blank = line.find_first_not_of(" \t\r") == std::string::npos;
    if (line.size() > max_line_bytes && !blank) lines.push_back({"", next, true});
    if (line.size() <= max_line_bytes && !blank) lines.push_back({line, next});
    start = next;
  }
  return lines;
}

TEST_CASE("a line ends with LF, CRLF or the stream") {
  CHECK(read_text("a\nb\r\nc") == std::vector<Line>{{"a", 2}, {"b", 5}, {"c", 6}});
  CHECK(read_text("a\rb\n") == std::vector<Line>{{"a\rb", 4}});
  CHECK(read_text("").empty());
}

TEST_CASE("blank lines are skipped and counted in the offsets") {
  CHECK(read_text("\n\r\n \t\na\n\n\nb\n\n") == std::vector<Line>{{"a", 8}, {"b", 12}});
}

TEST_CASE("a byte order mark is cut at the start of the stream only") {
  CHECK(read_text("\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}\n") == std::vector<Line>{{"{}", 6}, {"\xEF\xBB\xBF{}", 12}});
  CHECK(read_text("\xEF\xBB\xBF\n").empty());
  TextSource source("\xEF\xBB\xBF{}\n");
  Lines lines;
  LineReader resumed(100, 7);
  CHECK(read_all(resumed, source, lines) == std::vector<Line>{{"\xEF\xBB\xBF{}", 13}});
}

TEST_CASE("bytes that are no text pass as they are") {
  const std::string binary("\0\xFF\x80 \x01", 5);
  CHECK(read_text(binary + "\n") == std::vector<Line>{{binary, 6}});
}

TEST_CASE("a line over the limit is passed over to its end") {
  CHECK(read_text("abc\nabcd\nx\r\n", 3) == std::vector<Line>{{"abc", 4}, {"", 9, true}, {"x", 12}});
  CHECK(read_text("abc\r\n", 3) == std::vector<Line>{{"abc", 5}});
  CHECK(read_text("abcd", 3) == std::vector<Line>{{"", 4, true}});
}

TEST_CASE("a line of 256 MiB costs bounded memory and bounded work per poll") {
  struct Endless final : ByteSource {
    std::uint64_t left = 1u << 28;
    std::size_t read_in_poll = 0;
    ReadResult read(std::span<char> into) override {
      if (left == 0) return {ReadState::end};
      const std::size_t size = std::min<std::uint64_t>(into.size(), left);
      std::fill_n(into.data(), size, 'x');
      left -= size;
      read_in_poll += size;
      return {ReadState::data, size};
    }
  } source;
  Lines lines;
  LineReader reader(1 << 20, 0);
  for (int polls = 0; polls < 1000; ++polls) {
    source.read_in_poll = 0;
    const ReadResult result = reader.poll(source, lines, {});
    REQUIRE(source.read_in_poll <= 20u << 20);
    REQUIRE(lines.memory() <= 128 * 1024);
    lines.next_slice();
    if (result.state == ReadState::end) break;
  }
  CHECK(lines.all() == std::vector<Line>{{"", 1u << 28, true}});
}

TEST_CASE("a line longer than a block gets memory of its own size") {
  const std::string text(10'000'000, 'x');
  TextSource source(text + "\nshort\n");
  Lines lines;
  LineReader reader(20'000'000, 0);
  std::size_t most = 0;
  for (int polls = 0; polls < 1000 && reader.poll(source, lines, {}).state != ReadState::end; ++polls) {
    most = std::max(most, lines.memory());
    lines.next_slice();
  }
  CHECK(lines.all() == std::vector<Line>{{text, 10'000'001}, {"short", 10'000'007}});
  CHECK(most <= text.size() + 200'000);
}

TEST_CASE("of lines that fill a block, or more than that, a poll in ten at most gives none") {
  const std::size_t length = GENERATE(10'000, 100'000, 300'000);
  const std::size_t count = 100;
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.append(length, 'x') += '\n';
  TextSource source(text);
  Lines lines;
  LineReader reader(1 << 20, 0);
  std::size_t in_vain = 0;
  for (int polls = 0; polls < 1000 && lines.all().size() < count; ++polls) {
    const std::size_t before = lines.all().size();
    REQUIRE(reader.poll(source, lines, {}).state == ReadState::data);
    if (lines.all().size() == before) ++in_vain;
    lines.next_slice();
  }
  CHECK(lines.all().size() == count);
  CHECK(in_vain <= count / 10);
}

TEST_CASE("a line the target has no room for counts as too long") {
  TextSource source(std::string(300'000, 'x') + "\nshort\n");
  Lines lines;
  lines.limit(200'000);
  LineReader reader(1 << 20, 0);
  CHECK(read_all(reader, source, lines) == std::vector<Line>{{"", 300'001, true}, {"short", 300'007}});
}

TEST_CASE("a line that is not finished yet waits for its end") {
  TextSource source("a\nhal");
  source.keep_open();
  Lines lines;
  LineReader reader(100, 0);
  CHECK(reader.poll(source, lines, {}).state == ReadState::data);
  CHECK(reader.poll(source, lines, {}).state == ReadState::nothing);
  CHECK(reader.offset() == 2);
  source.append("f\n");
  CHECK(reader.poll(source, lines, {}).state == ReadState::data);
  CHECK(lines.all() == std::vector<Line>{{"a", 2}, {"half", 7}});
}

TEST_CASE("a reader that begins inside a line passes silently over its rest") {
  TextSource source("est of it\nnext\n");
  Lines lines;
  LineReader reader(100, 5);
  reader.begin_inside_line();
  CHECK(read_all(reader, source, lines) == std::vector<Line>{{"next", 20}});
}

TEST_CASE("an unfinished line may be forgotten and read again") {
  TextSource source("a\nhal");
  source.keep_open();
  Lines lines;
  LineReader reader(100, 0);
  while (reader.poll(source, lines, {}).state != ReadState::nothing) {
  }
  reader.forget_unfinished();
  TextSource again("half\nb\n");  // from reader.offset() on
  CHECK(reader.offset() == 2);
  CHECK(read_all(reader, again, lines) == std::vector<Line>{{"a", 2}, {"half", 7}, {"b", 9}});
}

TEST_CASE("lines read before a failure are given before it is told") {
  struct Broken final : ByteSource {
    ReadResult read(std::span<char> into) override {
      if (std::exchange(read_, true)) return {ReadState::failed, 0, 5};
      return {ReadState::data, std::string("a\nb\nc\nhal").copy(into.data(), into.size())};
    }
    bool read_ = false;
  } source;
  Lines lines;
  LineReader reader(100, 0);
  ReadResult result{ReadState::data};
  for (int i = 0; i < 10 && result.state == ReadState::data; ++i) result = reader.poll(source, lines, {1, 4096});
  CHECK(result.state == ReadState::failed);
  CHECK(lines.all() == std::vector<Line>{{"a", 2}, {"b", 4}, {"c", 6}});
}

TEST_CASE("a failed read is told") {
  struct Broken final : ByteSource {
    ReadResult read(std::span<char>) override { return {ReadState::failed, 0, 5}; }
  } source;
  Lines lines;
  LineReader reader(100, 0);
  const ReadResult result = reader.poll(source, lines, {});
  CHECK(result.state == ReadState::failed);
  CHECK(result.error == 5);
}

TEST_CASE("however the bytes arrive, the lines are the same") {
  std::mt19937 random(7);
  const auto any = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  for (int round = 0; round < 600; ++round) {
    std::string text = any(4) == 0 ? "\xEF\xBB\xBF" : "";
    const std::size_t longest = any(3) == 0 ? 200'000 : 300;
    for (std::size_t i = any(200); i > 0 && text.size() < 2'000'000; --i) {
      text.append(any(longest), static_cast<char>('a' + any(26)));
      text += any(5) == 0 ? "\r\n" : any(9) == 0 ? "\r" : "\n";
    }
    if (any(2) == 0) text += "tail";
    const std::size_t max_line = any(2) == 0 ? 250 : 150'000;
    TextSource source(text, 1 + any(any(2) == 0 ? 5000 : 500'000));
    source.pause_every(any(2) == 0 ? 0 : static_cast<int>(2 + any(4)));
    LineLimits limits{static_cast<std::uint32_t>(1 + any(64)), 4096 + any(128 * 1024)};
    Lines lines;
    LineReader reader(max_line, 0);
    INFO("round " << round);
    REQUIRE(read_all(reader, source, lines, limits) == reference(text, max_line));
    REQUIRE(reader.offset() == text.size());
  }
}

}  // namespace
}  // namespace weir::plugins
