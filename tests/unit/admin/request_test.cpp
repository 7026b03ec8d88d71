#include "admin/request.h"

#include <catch2/catch.hpp>

using namespace weir::host::admin;
using Path = std::vector<std::string>;
using Query = std::map<std::string, std::string>;

TEST_CASE("a target is taken apart") {
  const auto request = parse_target("/pipelines/a%20b%2Fc/tap?after=x%26y&count=3&flag&count=4");
  REQUIRE(request);
  CHECK(request->path == Path{"pipelines", "a b/c", "tap"});
  CHECK(request->query == Query{{"after", "x&y"}, {"count", "4"}, {"flag", ""}});
  CHECK(parse_target("/")->path.empty());
  CHECK(parse_target("/a//b")->path == Path{"a", "", "b"});
  CHECK(parse_target("/a?")->query.empty());
}

TEST_CASE("a target that is not well formed is none") {
  for (const char* target : {"", "a", "?a", "/%", "/%1", "/%zz", "/a?%g0=1", "/a?b=%"})
    CHECK_FALSE(parse_target(target));
}

TEST_CASE("what was encoded is read back") {
  std::string every;
  for (int c = 0; c < 256; ++c) every += static_cast<char>(c);
  const auto request = parse_target("/" + percent_encode(every) + "?a=" + percent_encode(every));
  REQUIRE(request);
  CHECK(request->path == Path{every});
  CHECK(request->query.at("a") == every);
  CHECK(percent_encode("a-b.c_9~") == "a-b.c_9~");
}
