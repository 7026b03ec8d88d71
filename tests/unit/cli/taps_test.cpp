#include "cli/admin/taps.h"

#include <catch2/catch.hpp>

using namespace weir::host;
using weir::host::cli::Taps;
using Query = std::map<std::string, std::string>;

namespace {

/// Of transforms a, b, c, …, so many of which end with the last one that protects people.
std::shared_ptr<Tap> tap_of(const std::string& letters, std::size_t first_safe) {
  std::vector<std::string> names;
  for (const char letter : letters) names.emplace_back(1, letter);
  return std::make_shared<Tap>(names, first_safe);
}

/// 200 for a stream.
unsigned status(const admin::Answer& answer) {
  const auto* reply = std::get_if<admin::Reply>(&answer);
  return reply == nullptr ? 200 : reply->status;
}

}  // namespace

TEST_CASE("records are shown from the last privacy transform on") {
  const Worker worker;
  const Taps taps(worker, false);
  const auto tap = tap_of("abcd", 3);
  for (const char* after : {"a", "b"}) {
    CHECK(status(taps.open(tap, Query{{"after", after}})) == 403);
    CHECK(status(taps.open(tap, Query{{"after", after}, {"unsafe", "1"}})) == 403);
    CHECK(tap->place() == Tap::kNowhere);
  }
  for (const auto& [after, place] : {std::pair("c", 3), std::pair("d", 4), std::pair("", 4)}) {
    const auto stream = taps.open(tap, Query{{"after", after}});
    CHECK(status(stream) == 200);
    CHECK(tap->place() == place);
  }
  CHECK(tap->place() == Tap::kNowhere);  // with its stream
}

TEST_CASE("earlier ones take a worker that allows it and a reader who asks") {
  const Worker worker;
  const Taps taps(worker, true);
  const auto tap = tap_of("ab", 2);
  CHECK(status(taps.open(tap, Query{{"after", "a"}})) == 403);
  CHECK(status(taps.open(tap, Query{{"after", "a"}, {"unsafe", "yes"}})) == 403);
  CHECK(status(taps.open(tap, Query{{"after", "a"}, {"unsafe", "1"}})) == 200);
}

TEST_CASE("without privacy transforms every place may be looked at") {
  const Worker worker;
  const Taps taps(worker, false);
  const auto tap = tap_of("ab", 0);
  CHECK(status(taps.open(tap, Query{{"after", "a"}})) == 200);
  CHECK(status(taps.open(tap, {})) == 200);
}

TEST_CASE("what is not there or in use is said") {
  const Worker worker;
  const Taps taps(worker, false);
  const auto tap = tap_of("a", 0);
  CHECK(status(taps.open(std::string("q"), {})) == 404);
  CHECK(status(taps.open(tap, Query{{"after", "z"}})) == 404);
  for (const char* count : {"0", "-1", "x", "1x", "99999999999999999999"}) {
    CHECK(status(taps.open(tap, Query{{"count", count}})) == 400);
  }
  const auto first = taps.open(tap, {});
  CHECK(status(taps.open(tap, {})) == 409);
}

TEST_CASE("a reader's stream ends when nothing that runs has its tap") {
  const Worker worker;
  const Taps taps(worker, false);
  const auto answer = taps.open(tap_of("a", 0), {});
  std::string text;
  CHECK_FALSE(std::get<std::unique_ptr<admin::Stream>>(answer)->read(text));
}
