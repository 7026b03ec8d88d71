#include "cli/dlq/select.h"

#include <catch2/catch.hpp>

using namespace weir::host;
using namespace weir::host::cli;

namespace {

constexpr std::int64_t kNow = 1'795'392'000'000;  // 2026-11-23T00:00:00Z

LetterSelection selection(const LetterOptions& options) {
  auto selection = LetterSelection::from(options, kNow);
  REQUIRE(selection.ok());
  return *std::move(selection);
}

Letter letter(const std::string& code, const std::string& transform, std::int64_t time = -1) {
  Letter letter;
  letter.pipeline = "p";
  letter.code = code;
  letter.transform = transform;
  letter.record.timestamp_ms = time;
  return letter;
}

std::string refusal(const LetterOptions& options) {
  const auto selection = LetterSelection::from(options, kNow);
  REQUIRE_FALSE(selection.ok());
  CHECK(selection.status().code() == WEIR_E_CONFIG);
  return selection.status().message();
}

}  // namespace

TEST_CASE("all that is given has to hold; of several values one") {
  const LetterSelection chosen = selection({.codes = {"E_DATA"}, .transforms = {"redact", "set"}});
  CHECK(chosen.takes(1, letter("E_DATA", "redact"), false));
  CHECK(chosen.takes(1, letter("E_DATA", "set"), false));
  CHECK_FALSE(chosen.takes(1, letter("E_FATAL", "set"), false));
  CHECK_FALSE(chosen.takes(1, letter("E_DATA", "filter"), false));
  CHECK_FALSE(chosen.takes_damaged(1));
  CHECK(selection({}).takes(1, letter("", ""), false));
  CHECK(selection({}).takes_damaged(1));
  CHECK_FALSE(selection({.pipelines = {"q"}}).takes(1, letter("", ""), false));
}

TEST_CASE("numbers are lines and ranges of them") {
  const LetterSelection chosen = selection({.numbers = {"3", "7-9"}});
  std::vector<std::uint64_t> taken;
  for (std::uint64_t number = 1; number < 12; ++number) {
    if (chosen.takes(number, letter("", ""), false)) taken.push_back(number);
    CHECK(chosen.takes_damaged(number) == chosen.takes(number, letter("", ""), false));
  }
  CHECK(taken == std::vector<std::uint64_t>{3, 7, 8, 9});
  CHECK_FALSE(chosen.ends_before(9));
  CHECK(chosen.ends_before(10));
  CHECK_FALSE(selection({}).ends_before(1'000'000));
}

TEST_CASE("a span of time holds what begins it and not what ends it, and no letter without a time") {
  const LetterSelection chosen = selection({.since = "2026-11-23", .until = "2026-11-24"});
  CHECK(chosen.takes(1, letter("", "", kNow), false));
  CHECK_FALSE(chosen.takes(1, letter("", "", kNow - 1), false));
  CHECK_FALSE(chosen.takes(1, letter("", "", kNow + 86'400'000), false));
  CHECK_FALSE(chosen.takes(1, letter("", ""), false));
}

TEST_CASE("what was replayed can be asked for, and what was not") {
  CHECK(selection({.replayed = true}).takes(1, letter("", ""), true));
  CHECK_FALSE(selection({.replayed = true}).takes(1, letter("", ""), false));
  CHECK_FALSE(selection({.waiting = true}).takes(1, letter("", ""), true));
  CHECK_FALSE(selection({.replayed = true}).takes_damaged(1));
}

TEST_CASE("what is not understood is told with its option") {
  CHECK(refusal({.since = "soon"}).find("--since: 'soon'") == 0);
  CHECK(refusal({.until = "x"}).find("--until") == 0);
  for (const char* number : {"", "0", "x", "3-", "-3", "5-4", "1-2-3", "99999999999999999999"}) {
    CAPTURE(number);
    CHECK(refusal({.numbers = {number}}).find("--number") == 0);
  }
}
