#include "json/text.h"

#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <vector>

namespace weir::host::json {
namespace {

/// Whether a byte stands in a string literal as it is, by the letter of RFC 8259 section 7, and is ASCII.
bool is_plain_byte(unsigned char byte) { return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\'; }

/// All texts of one to so many of the bytes.
std::vector<std::string> all_texts(const std::string& bytes, std::size_t most) {
  std::vector<std::string> all{""};
  for (std::size_t at = 0; all[at].size() < most; ++at) {
    for (const char byte : bytes) all.push_back(all[at] + byte);
  }
  all.erase(all.begin());
  return all;
}

/// What looks at many scalars at once takes, of all short texts of the bytes, just those of its kind.
template <typename Many>
void check_all_of(const std::string& kind, const std::string& bytes) {
  const std::regex good(kind);
  std::size_t found = 0;
  for (const std::string& text : all_texts(bytes, 5)) {
    Many one;
    const std::string padded = text + std::string(64, '0');
    one.add(padded.data(), padded.data() + text.size());
    found += one.all() ? 1 : 0;
    if (one.all() != std::regex_match(text, good)) FAIL(text);
  }
  CHECK(found > 0);
}

}  // namespace

TEST_CASE("one byte that is not plain is found wherever it stands") {
  for (std::size_t size = 0; size <= 40; ++size) {
    std::string text(size, 'a');
    CHECK(is_plain(text));
    for (std::size_t at = 0; at < size; ++at) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        if (byte == 0x7F) continue;  // either answer is right
        text[at] = static_cast<char>(byte);
        if (is_plain(text) != is_plain_byte(static_cast<unsigned char>(byte)))
          FAIL_CHECK(size << ' ' << at << ' ' << byte);
      }
      text[at] = 'a';
    }
  }
}

TEST_CASE("of the escapes of a string only those of RFC 8259 are valid") {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char letter = static_cast<char>(byte);
    const bool good =
        letter != 'u' && letter != '\0' && std::string_view("\"\\/bfnrt").find(letter) != std::string_view::npos;
    CHECK(escapes_are_valid(std::string("ab\\") + letter + "c") == good);
  }
  CHECK_FALSE(escapes_are_valid("ab\\"));
  CHECK(escapes_are_valid("\\u00e9\\uFFFFx"));
  CHECK_FALSE(escapes_are_valid("\\u00e"));
}

TEST_CASE("every one of the four digits of an escape has to be hexadecimal") {
  for (std::size_t at = 0; at < 4; ++at) {
    for (unsigned byte = 0; byte < 256; ++byte) {
      std::string digits = "0000";
      digits[at] = static_cast<char>(byte);
      const bool good = std::string_view("0123456789abcdefABCDEF").find(digits[at]) != std::string_view::npos;
      if (escapes_are_valid("\\u" + digits) != good) FAIL_CHECK(at << ' ' << byte);
    }
  }
}

TEST_CASE("an escape stands for its code point") {
  char out[16];
  const auto text_of = [&](std::string_view inside) { return std::string(out, unescape(inside, out).size); };
  CHECK(text_of("\\u0041\\u00e9\\u00E9") == "Aéé");
  CHECK(text_of("\\u6771\\ud83d\\ude00") == "東😀");
}

TEST_CASE("what looks at many literals, integers or decimals takes just those") {
  check_all_of<Literals>("true|false|null", "truefalsn");
  check_all_of<ShortIntegers>("[1-9][0-9]*", "0159-.e");
  check_all_of<ShortDecimals>("[1-9][0-9]*[.][0-9]+", "0159-.e");
}

TEST_CASE("what looks at many numbers takes none of more than sixteen bytes") {
  const auto takes = [](auto many, std::size_t size, std::size_t point) {
    std::string text(size, '1');
    if (point > 0) text[point] = '.';
    text += std::string(64, '1');
    many.add(text.data(), text.data() + size);
    return many.all();
  };
  for (std::size_t size = 7; size <= 200; ++size) {
    INFO(size);
    CHECK(takes(ShortIntegers(), size, 0) == (size <= 16));
    CHECK(takes(ShortDecimals(), size, 1) == (size <= 16));
    CHECK(takes(ShortDecimals(), size, size - 2) == (size <= 16));
    CHECK_FALSE(takes(ShortDecimals(), size, size - 1));
    CHECK_FALSE(takes(Literals(), size, 0));
  }
}

TEST_CASE("one scalar that is of another kind is found among many") {
  const std::string good = "12" + std::string(64, ' ');
  const std::string bad = "1x" + std::string(64, ' ');
  for (int at = 0; at < 5; ++at) {
    ShortIntegers many;
    for (int i = 0; i < 5; ++i) many.add((i == at ? bad : good).data(), (i == at ? bad : good).data() + 2);
    CHECK_FALSE(many.all());
  }
}

TEST_CASE("a scalar is one if it ends where the grammar says") {
  std::size_t found = 0;
  const auto check = [&found](const std::string& text) {
    const std::string padded = text + "," + std::string(64, '7');
    const char* const stop = padded.data() + text.size();
    const bool expected = scalar_end(padded.data(), stop) == stop;
    found += expected ? 1 : 0;
    if (is_scalar(padded.data(), stop) != expected) FAIL(text);
  };
  for (const std::string& text : all_texts("019-+.eE", 6)) {
    check(text);
    check(text + std::string(30, '0'));  // more than is looked at in one go
  }
  CHECK(found > 1000);
}

}  // namespace weir::host::json
