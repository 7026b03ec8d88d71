#include "cli/moment.h"

#include <catch2/catch.hpp>

using weir::host::cli::moment_text;
using weir::host::cli::parse_moment;

namespace {

constexpr std::int64_t kNow = 1'795'407'845'678;  // 2026-11-23T04:24:05.678Z
constexpr std::int64_t kDay = 86'400'000;

std::string read(std::string_view text) {
  const auto moment = parse_moment(text, kNow);
  return moment ? moment_text(*moment) : "none";
}

}  // namespace

TEST_CASE("a moment is written as RFC 3339 says, or shorter") {
  CHECK(moment_text(kNow) == "2026-11-23T04:24:05Z");
  CHECK(read("2026-11-23T04:05:06Z") == "2026-11-23T04:05:06Z");
  CHECK(read("2026-11-23t04:05:06z") == "2026-11-23T04:05:06Z");
  CHECK(read("2026-11-23 04:05:06") == "2026-11-23T04:05:06Z");
  CHECK(read("2026-11-23T04:05") == "2026-11-23T04:05:00Z");
  CHECK(read("2026-11-23") == "2026-11-23T00:00:00Z");
  CHECK(read("2026-11-23T04:05:06+05:30") == "2026-11-22T22:35:06Z");
  CHECK(read("2026-11-23T23:05:06-02:00") == "2026-11-24T01:05:06Z");
  CHECK(read("2024-02-29") == "2024-02-29T00:00:00Z");
  CHECK(parse_moment("1970-01-01T00:00:00.25Z", kNow) == 250);
  CHECK(parse_moment("1970-01-01T00:00:00.123456Z", kNow) == 123);
}

TEST_CASE("a moment may be said as how long ago it is") {
  CHECK(parse_moment("now", kNow) == kNow);
  CHECK(parse_moment("-2d", kNow) == kNow - 2 * kDay);
  CHECK(parse_moment("2d", kNow) == kNow - 2 * kDay);
  CHECK(parse_moment("-90m", kNow) == kNow - 90 * 60'000);
}

TEST_CASE("what is no moment is refused") {
  for (const char* text : {"",
                           "-",
                           "yesterday",
                           "2026",
                           "2026-11",
                           "2026-13-01",
                           "2026-02-30",
                           "2025-02-29",
                           "2026-11-23T",
                           "2026-11-23T4:05",
                           "2026-11-23T24:00",
                           "2026-11-23T04:60",
                           "2026-11-23T04:05:60Z",
                           "2026-11-23T04:05:06.Z",
                           "2026-11-23T04:05:06Zx",
                           "2026-11-23T04:05:06+5",
                           "2026-11-23T04:05:06+25:00",
                           "2d ago",
                           "--2d",
                           "+2d",
                           "-026-11-23",
                           "2026-+1-23"}) {
    INFO(text);
    CHECK_FALSE(parse_moment(text, kNow).has_value());
  }
}
