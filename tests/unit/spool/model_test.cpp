#include <catch2/catch.hpp>
#include <cstdlib>
#include <iostream>

#include "schedule.h"

namespace weir::host::spool::test {
namespace {

std::uint64_t number_of(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// WEIR_TEST_SEED=N runs schedule N alone; WEIR_TEST_LENGTH=long a million of them.
std::uint64_t schedules() {
  const char* const length = std::getenv("WEIR_TEST_LENGTH");
  return length != nullptr && std::string_view(length) == "long" ? 1'000'000 : 5'000;
}

}  // namespace

TEST_CASE("whatever happens to a spool, what it acknowledged comes out once it can, in order, and the books balance") {
  start_log(LogLevel::error, LogFormat::text);
  const std::uint64_t only = number_of("WEIR_TEST_SEED", 0);
  Schedule::Seen seen;
  const std::uint64_t end = only != 0 ? only + 1 : schedules() + 1;
  for (std::uint64_t seed = only != 0 ? only : 1; seed < end; ++seed) {
    Schedule schedule(seed);
    const std::string wrong = schedule.run();
    INFO("WEIR_TEST_SEED=" << seed << " runs it again");
    REQUIRE(wrong == "");
    seen += schedule.seen();
  }
  if (only != 0) return;
  // A model that reaches nothing shows nothing.
  const std::uint64_t some = schedules() / 10;
  CHECK(seen.acked > 50 * some);
  CHECK(seen.read > 50 * some);
  CHECK(seen.expired > some);
  CHECK(seen.crashes > some);
  CHECK(seen.kills > some);
  CHECK(seen.refused > some / 10);
  CHECK(seen.retried > some / 10);
  CHECK(seen.limbo > some / 10);
  CHECK(seen.twice > some);
  CHECK(seen.poisoned_or_full > some);
}

}  // namespace weir::host::spool::test
