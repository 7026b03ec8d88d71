#include "observe/alarms.h"

#include <catch2/catch.hpp>

using weir::host::observe::Alarms;
using namespace std::chrono_literals;

TEST_CASE("an alarm is written once a minute for each name and place and counted always") {
  Alarms alarms;
  const Alarms::Clock::time_point start{};
  CHECK(alarms.raise("stalled", "a", start) == 0u);
  CHECK_FALSE(alarms.raise("stalled", "a", start + 1s));
  CHECK_FALSE(alarms.raise("stalled", "a", start + 59s));
  CHECK(alarms.raise("stalled", "a", start + 60s) == 2u);
  CHECK_FALSE(alarms.raise("stalled", "a", start + 61s));
  CHECK(alarms.count("stalled") == 5);
}

TEST_CASE("alarms made up without end take bounded memory and are still counted") {
  Alarms alarms;
  const Alarms::Clock::time_point start{};
  for (int i = 0; i < 5000; ++i) alarms.raise("made_up_" + std::to_string(i), "a", start);
  CHECK(alarms.count("made_up_0") == 1);
  CHECK(alarms.count("made_up_4000") == 0);
  CHECK(alarms.count("other") == 4000);
}

TEST_CASE("another place or name has a minute of its own") {
  Alarms alarms;
  const Alarms::Clock::time_point start{};
  CHECK(alarms.raise("stalled", "a", start));
  CHECK(alarms.raise("stalled", "b", start));
  CHECK(alarms.raise("lost", "a", start));
  CHECK(alarms.count("stalled") == 2);
  CHECK(alarms.count("lost") == 1);
  CHECK(alarms.count("never") == 0);
}
