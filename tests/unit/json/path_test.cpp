#include "json/path.h"

#include <catch2/catch.hpp>
#include <string>

namespace weir::host::json {
namespace {

/// The steps in a plain notation: names in <>, indexes in [], * ** @.
std::string steps_of(std::string_view text) {
  const auto path = Path::parse(text);
  if (!path) return path.status().message();
  std::string steps;
  for (const Step& step : path->steps()) {
    switch (step.kind) {
      case Step::Kind::name:
        steps += "<" + step.name + ">";
        break;
      case Step::Kind::index:
        steps += "[" + std::to_string(step.index) + "]";
        break;
      case Step::Kind::any:
        steps += "*";
        break;
      case Step::Kind::any_depth:
        steps += "**";
        break;
      case Step::Kind::embedded:
        steps += "@";
        break;
    }
  }
  return steps;
}

bool touch(std::string_view a, std::string_view b) {
  const bool there = Path::parse(a)->touches(*Path::parse(b));
  const bool back = Path::parse(b)->touches(*Path::parse(a));
  REQUIRE(there == back);
  return there;
}

}  // namespace

TEST_CASE("every form of the path grammar is read") {
  CHECK(steps_of("user.email") == "<user><email>");
  CHECK(steps_of("items[0].sku") == "<items>[0]<sku>");
  CHECK(steps_of(R"(user_attributes["$city"])") == "<user_attributes><$city>");
  CHECK(steps_of("user_attributes.$city") == "<user_attributes><$city>");
  CHECK(steps_of(R"(["a.b"])") == "<a.b>");
  CHECK(steps_of(R"(["a\"\\\u00e9\ud83d\ude00\n"])") == "<a\"\\\xC3\xA9\xF0\x9F\x98\x80\n>");
  CHECK(steps_of(R"([""])") == "<>");
  CHECK(steps_of(R"(["*"])") == "<*>");
  CHECK(steps_of("events[*].data.custom_attributes.*") == "<events>*<data><custom_attributes>*");
  CHECK(steps_of("*.a") == "*<a>");
  CHECK(steps_of("**.email") == "**<email>");
  CHECK(steps_of("a.**.**.b") == "<a>**<b>");
  CHECK(steps_of("push_notification_payload@json.aps.alert") == "<push_notification_payload>@<aps><alert>");
  CHECK(steps_of("a@json[0]@json") == "<a>@[0]@");
  CHECK(steps_of("$city") == "<$city>");
  CHECK(steps_of("a.$") == "<a><$>");
  CHECK(steps_of("a/b") == "<a/b>");
  CHECK(steps_of(R"(["$"].a)") == "<$><a>");
  CHECK(steps_of(R"(["/a"])") == "</a>");
  CHECK(steps_of("") == "");
  CHECK(steps_of("na\xC3\xAFve-key") == "<na\xC3\xAFve-key>");
}

TEST_CASE("a text that is no path is refused at the byte where the grammar was left") {
  const auto fails_at = [](std::string_view text, int byte) {
    INFO(text);
    const auto path = Path::parse(text);
    REQUIRE_FALSE(path.ok());
    CHECK(path.status().code() == WEIR_E_CONFIG);
    CHECK_THAT(path.status().message(), Catch::Contains("byte " + std::to_string(byte) + ": expected"));
  };
  fails_at(".", 1);
  fails_at("a.", 3);
  fails_at("a..b", 3);
  fails_at("a b", 2);
  fails_at("a[", 3);
  fails_at("a[x]", 3);
  fails_at("a[-1]", 3);
  fails_at("a[1", 4);
  fails_at("a[99999999999999999999]", 3);
  fails_at(R"(a["b)", 5);
  fails_at(R"(a["b"x)", 6);
  fails_at(R"(a["\x"])", 4);
  fails_at(R"(a["b\)", 6);
  fails_at(R"(a["\ud800"])", 4);
  fails_at("a*", 2);
  fails_at("a.***", 5);
  fails_at("a]", 2);
  fails_at("@json.a", 1);
  fails_at("a@jso", 2);
  fails_at("a@jsonx", 2);
  fails_at("user@example.com", 5);
  fails_at("a\xFF", 1);
  for (const char* foreign : {"$", "$.user.email", "$[0]", R"($["user"])", "$..email", "/", "/user/email"}) {
    fails_at(foreign, 1);
    CHECK_FALSE(Path::parse_relative(foreign).ok());
  }
  CHECK(Path::parse_relative("@json.a").ok());
}

TEST_CASE("a path has a bounded number of steps") {
  std::string text = "a";
  for (int i = 1; i < 100; ++i) text += ".a";
  CHECK(Path::parse(text).ok());
  CHECK_FALSE(Path::parse(text + ".a").ok());
}

TEST_CASE("paths touch when a place of one may be, hold or lie in a place of the other") {
  CHECK(touch("a.b", "a.b"));
  CHECK(touch("a", "a.b.c"));
  CHECK(touch("", "a"));
  CHECK(touch("a.*", "a.b"));
  CHECK(touch("a[*].c", "a[3]"));
  CHECK(touch("**.email", "user.email"));
  CHECK(touch("**.email", "x"));
  CHECK(touch("a.**", "a.b.c[3]"));
  CHECK(touch("**.a", "b.**"));
  CHECK(touch("a@json.x", "a"));
  CHECK(touch("a@json.*", "a@json.x"));
  CHECK(touch(R"(["a"])", "a"));
  CHECK_FALSE(touch("a.b", "a.c"));
  CHECK_FALSE(touch("a[0]", "a[1]"));
  CHECK_FALSE(touch("a[0]", "a.b"));
  CHECK_FALSE(touch("*.b", "a.c"));
  CHECK_FALSE(touch("a@json.x", "a.x"));
  CHECK_FALSE(touch("a@json.x", "a.*"));
}

}  // namespace weir::host::json
