#include "json/escapes.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "json/text.h"

namespace weir::host::json {
namespace {

constexpr std::size_t kReadable = 64;  // bytes behind a text

/// A text with bytes behind it that would make a cut-off escape whole.
struct Padded {
  explicit Padded(std::string_view text) : bytes(std::string(text) + std::string(kReadable, '0')), size(text.size()) {}
  [[nodiscard]] std::string_view view() const { return {bytes.data(), size}; }

  std::string bytes;
  std::size_t size;
};

/// Where the escapes of valid text begin, by the rule's own words: one after the other, from the front.
std::vector<std::size_t> begins_of(std::string_view text) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\') continue;
    begins.push_back(at);
    at += text[at + 1] == 'u' ? 5 : 1;
  }
  return begins;
}

void check(std::string_view text) {
  const Padded padded(text);
  Escapes escapes;
  const bool good = escapes.start(padded.view());
  if (good != escapes_are_valid(text)) FAIL_CHECK(text);
  if (!good) return;
  const std::vector<std::size_t> begins = begins_of(text);
  const char* const begin = padded.view().data();
  std::size_t next = 0;
  constexpr std::size_t kPiece = 3;
  for (std::size_t at = 0; at < text.size(); at += kPiece) {
    const std::size_t stop = std::min(at + kPiece, text.size());
    while (next < begins.size() && begins[next] < at) ++next;
    const bool expected = next < begins.size() && begins[next] < stop;
    if (begins.size() <= 128 && escapes.any(begin + at, begin + stop) != expected) FAIL_CHECK(text << ' ' << at);
  }
}

}  // namespace

TEST_CASE("an escape is found and judged wherever it stands, whatever lies behind the text") {
  for (std::size_t before = 0; before <= 130; ++before) {
    for (const char* escape :
         {"\\n", "\\\\", "\\u00e9", "\\u00g9", "\\u00e", "\\u", "\\", "\\x", "\\\\\\", "\\\\\\\""}) {
      check(std::string(before, 'a') + escape);
      check(std::string(before, 'a') + escape + std::string(70, 'b'));
      check(std::string(before, '\\') + escape);
    }
  }
}

TEST_CASE("one byte behind a backslash makes the same escape for a text as for a string") {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (std::size_t at = 0; at < 5; ++at) {
      std::string escape = "\\u12aF";
      escape[at + 1] = static_cast<char>(byte);
      check(escape);
    }
  }
}

TEST_CASE("random texts of backslashes have the same escapes by both ways") {
  std::mt19937 random(20261123);
  constexpr std::string_view kBytes = "\\\\\\unt\"/0aF ";
  for (int round = 0; round < 20000; ++round) {
    std::string text(random() % 200, ' ');
    const std::size_t plain = random() % 30;
    for (char& c : text) {
      if (random() % (plain + 1) == 0) c = kBytes[random() % kBytes.size()];
    }
    check(text);
  }
}

TEST_CASE("more escapes than are kept are still found") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "\\n  ";
  const Padded padded(text);
  Escapes escapes;
  REQUIRE(escapes.start(padded.view()));
  const char* const begin = padded.view().data();
  for (std::size_t at = 0; at < text.size(); at += 2) {
    if (escapes.any(begin + at, begin + at + 2) != (at % 4 == 0)) FAIL_CHECK(at);
  }
}

}  // namespace weir::host::json
