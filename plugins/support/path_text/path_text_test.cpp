#include "path_text/path_text.h"

#include <catch2/catch.hpp>

namespace weir::plugins {
namespace {

TEST_CASE("a path is wild by the stars outside quoted names") {
  for (const char* path : {"*", "a.*", "events[*].id", "**", "a.**.b", R"(["x"].*)", R"(["a\"*"][*])"}) {
    INFO(path);
    CHECK(is_wild_path(path));
  }
  for (const char* path : {"a", "a.b[0]", R"(["*"])", R"(a["**"].b)", R"(["\"*"].a)", R"(["\\"]["*"])", "p@json.a"}) {
    INFO(path);
    CHECK_FALSE(is_wild_path(path));
  }
}

TEST_CASE("objects have to stand where a name follows") {
  using Paths = std::vector<std::string>;
  CHECK(object_paths("a") == Paths{});
  CHECK(object_paths("a.b.c") == Paths{"a", "a.b"});
  CHECK(object_paths("a[0].b") == Paths{"a[0]"});
  CHECK(object_paths("a[0][1]") == Paths{});
  CHECK(object_paths(R"(["a.b"]["c[\"x"].d)") == Paths{R"(["a.b"])", R"(["a.b"]["c[\"x"])"});
  CHECK(object_paths("a.*.b") == Paths{"a.*"});
  CHECK(object_paths("a[*].b") == Paths{"a[*]"});
  CHECK(object_paths("**.a.b") == Paths{"**.a"});
  CHECK(object_paths("a.**.b") == Paths{});
  CHECK(object_paths("p@json.a") == Paths{"p@json"});
}

TEST_CASE("a member's name becomes a path whatever it holds") {
  CHECK(member_path("mpid") == R"(["mpid"])");
  CHECK(member_path("a.b[0]*@json") == R"(["a.b[0]*@json"])");
  CHECK(member_path("a\"\\\n") == R"(["a\"\\\n"])");
  CHECK(member_path("") == R"([""])");
}

}  // namespace
}  // namespace weir::plugins
