#include "json_text/json_text.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::plugins {
namespace {

using namespace std::string_literals;

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string unescape(std::string_view inside) {
  std::string out;
  REQUIRE(append_unescaped(out, inside));
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out;
  append_base64(out, bytes);
  return out;
}

TEST_CASE("written strings escape only the quote, the backslash and controls") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("a/b é 東 \x7F") == "\"a/b é 東 \x7F\"");
  CHECK(quoted("\"\\\b\f\n\r\t") == R"("\"\\\b\f\n\r\t")");
  CHECK(quoted("a\0\x1F"s) == R"("a\u0000\u001f")");
}

TEST_CASE("every escape of JSON is read back") {
  CHECK(unescape(R"(\"\\\/\b\f\n\r\t)") == "\"\\/\b\f\n\r\t");
  CHECK(unescape(R"(a\u0062\u00e9\u6771\ud83d\uDE00z)") == "abé東😀z");
  CHECK(unescape(R"(\u0000)") == "\0"s);
}

TEST_CASE("half of a surrogate pair is no text") {
  for (const char* half :
       {R"(\ud83d)", R"(\ud83dx)", R"(\ude00)", R"(\ud83d\n)", R"(\ud83d\u0041)", R"(\ud83d\ud83d)"}) {
    std::string out;
    CHECK_FALSE(append_unescaped(out, half));
  }
}

TEST_CASE("a string ends at its own quote") {
  CHECK(string_end(R"(["a",1])", 1) == 4);
  CHECK(string_end(R"("a\"b\\" )", 0) == 8);
}

TEST_CASE("UTF-8 is told from other bytes") {
  for (const char* good : {"", "plain text of more than eight bytes", "é", "東京", "😀", "\xED\x9F\xBF", "\xEE\x80\x80",
                           "\xF4\x8F\xBF\xBF"})
    CHECK(is_utf8(good));
  for (const char* bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE6\x9D", "\xF0\x9F\x98",
                          "long enough for a block \xFF and more", "\xC3\x41"})
    CHECK_FALSE(is_utf8(bad));
}

TEST_CASE("base64 agrees with the vectors of RFC 4648") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foobar") == "Zm9vYmFy");
  CHECK(base64("\xFB\xFF") == "+/8=");
}

}  // namespace
}  // namespace weir::plugins
