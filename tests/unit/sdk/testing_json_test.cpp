#include <catch2/catch.hpp>
#include <weir/testing/edit.hpp>

// What unit tests of plugins rely on must be right itself: the reader, the paths, the edits.
namespace {

using namespace weir::testing;

bool is_json(std::string_view text) {
  try {
    parse(text);
    return true;
  } catch (const BadDocument&) {
    return false;
  }
}

std::vector<Step> steps(std::string_view path) { return parse_path(path).value().steps; }

std::string found(std::string_view document, std::string_view path) {
  std::string all;
  for (const Place& place : places(document, steps(path))) all += place.json + ';';
  return all;
}

TEST_CASE("the reader takes JSON and nothing else") {
  for (const char* good :
       {"0", "-0.5e+10", "1e400", "123456789012345678901234567890", "\"\\ud800\"", "[]", " {\"a\" : [ ] } ", "null"}) {
    INFO(good);
    CHECK(is_json(good));
  }
  for (const char* bad : {"",
                          " ",
                          "01",
                          "1.",
                          ".5",
                          "+1",
                          "-",
                          "1e",
                          "[1,]",
                          "{\"a\":1,}",
                          "{a:1}",
                          "'a'",
                          "\"\t\"",
                          "\"\\x\"",
                          "\"\\u12\"",
                          "tru",
                          "nul",
                          "1 2",
                          "{\"a\"}",
                          "\"\xC0\x80\"",
                          "\"\xED\xA0\x80\"",
                          "\"\xF5\x80\x80\x80\"",
                          "\"\xE4\xB8\""}) {
    INFO(bad);
    CHECK_FALSE(is_json(bad));
  }
}

TEST_CASE("the reader goes 64 deep and no deeper") {
  CHECK(is_json(std::string(64, '[') + std::string(64, ']')));
  CHECK_FALSE(is_json(std::string(65, '[') + std::string(65, ']')));
}

TEST_CASE("strings are unescaped and quoted again") {
  CHECK(unescape(R"("\u00e4\ud83d\ude00\n\/\"")") == "\u00e4\U0001F600\n/\"");
  CHECK_THROWS_AS(unescape(R"("\ud83d")"), BadDocument);
  CHECK(quote("a\"\\\n\x01\u00e4/") == "\"a\\\"\\\\\\n\\u0001\u00e4/\"");
}

TEST_CASE("numbers keep what they can") {
  std::string storage;
  const auto value = [&](std::string_view text) { return value_of(text, parse(text), storage); };
  CHECK(value("-9223372036854775808").type == WEIR_INT);
  CHECK(value("18446744073709551615").type == WEIR_UINT);
  CHECK(value("18446744073709551616").type == WEIR_DOUBLE);
  CHECK(value("1.0").type == WEIR_DOUBLE);
  CHECK_THROWS_AS(value("1e400"), BadDocument);
}

TEST_CASE("paths follow the grammar") {
  for (const char* good : {"", "a", "a.b", "a[0].b", "a[\"x.y\"]", "[\"a.b\"]", "a.*", "a[*]", "**", "**.x",
                           "a@json.b[1]", "[0]", "$a", "a.$"}) {
    INFO(good);
    CHECK(parse_path(good));
  }
  for (const char* bad :
       {".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a[\"x]", "a]", "a[1", "$", "$.a", "$[0]", "/a"}) {
    INFO(bad);
    CHECK_FALSE(parse_path(bad));
  }
}

TEST_CASE("a path finds its places in document order, parents first") {
  CHECK(found(R"({"a":[1,{"b":2}]})", "a[1].b") == "2;");
  CHECK(found(R"({"a":[1,2]})", "a[*]") == "1;2;");
  CHECK(found(R"({"a":{"x":1},"x":{"x":2}})", "**.x") == R"(1;{"x":2};2;)");
  CHECK(found(R"({"a":[[1]]})", "**") == R"({"a":[[1]]};[[1]];[1];1;)");
  CHECK(found(R"({"p":"{\"a\":[7]}"})", "p@json.a[0]") == "7;");
  CHECK(found(R"({"em\u0061il":"x"})", "email") == "\"x\";");
  CHECK(found(R"({"a":1})", "a.b") == "");
  CHECK(found(R"({"p":"no"})", "p@json.a") == "");
  CHECK_THROWS_AS(places(R"({"p":"no"})", steps("p@json.a"), true), BadDocument);
  CHECK_THROWS_AS(found(R"({"a":1,"a":2})", "a"), BadDocument);
}

TEST_CASE("edits cut and splice exactly") {
  CHECK(remove(R"({ "a":1 , "b":2 })", {0}) == R"({ "b":2 })");
  CHECK(remove(R"({ "a":1 , "b":2 })", {1}) == R"({ "a":1 })");
  CHECK(remove(R"({ "a":1 })", {0}) == "{  }");
  CHECK(remove("[1, 2, 3]", {1}) == "[1, 3]");
  CHECK(set(R"({ })", steps("a.b"), "1") == R"({"a":{"b":1} })");
  CHECK(set(R"({"a": 1 })", steps("b"), "2") == R"({"a": 1,"b":2 })");
  CHECK_FALSE(set(R"({"a":[1]})", steps("a[3]"), "2"));
  CHECK_THROWS_AS(set(R"({"a":1})", steps("a.b"), "2"), BadDocument);
  CHECK_THROWS_AS(set(R"({"a":null})", steps("a.b"), "2"), BadDocument);
  CHECK_THROWS_AS(set("[]", steps("a"), "2"), BadDocument);
}

TEST_CASE("a rename keeps the member's place within its object") {
  CHECK(rename(R"({"a" : 1, "b":2})", steps("a"), steps("c")) == R"({"c" : 1, "b":2})");
  CHECK(rename(R"({"a":1,"b":2})", steps("a"), steps("b")) == R"({"b":1})");
  CHECK(rename(R"({"a":1,"b":{"x":0}})", steps("a"), steps("b.c")) == R"({"b":{"x":0,"c":1}})");
  CHECK_FALSE(rename(R"({"b":1})", steps("a"), steps("c")));
}

}  // namespace
