#include "json/text.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::host::json {
namespace {

/// Whether a byte stands in a string literal as it is, by the letter of RFC 8259 section 7, and is ASCII.
bool is_plain_byte(unsigned char byte) { return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\'; }

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

}  // namespace weir::host::json
