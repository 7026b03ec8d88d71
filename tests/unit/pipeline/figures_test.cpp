#include "pipeline/figures.h"

#include <catch2/catch.hpp>

#include "fakes.h"
#include "rig.h"

using namespace weir::host;
using namespace std::chrono_literals;

TEST_CASE("a time counts under the first bound that is not below it") {
  Durations times;
  times.add(0ns);
  times.add(1ms);
  times.add(1ms + 1ns);
  times.add(60s);
  times.add(61s);
  CHECK(times.counts.front() == 2);
  CHECK(times.counts[1] == 1);
  CHECK(times.counts[Durations::kBounds.size() - 1] == 1);
  CHECK(times.counts.back() == 1);
  CHECK(times.total() == 5);
  CHECK(times.sum == 121s + 2ms + 1ns);
}

TEST_CASE("figures of several tasks add up; ages are the worst") {
  Figures one;
  one.tasks = one.started = 1;
  one.sink = {1, 1, 2, 3};
  one.memory = 10;
  one.oldest_age = 2s;
  one.shown_at = Figures::Clock::time_point(5s);
  Figures other = one;
  other.sink = {1, 0, 1, 1};
  other.oldest_age = 7s;
  other.shown_at = Figures::Clock::time_point(3s);
  Figures sum;
  sum += one;
  sum += other;
  CHECK(sum.tasks == 2);
  CHECK(sum.sink.count == 2);
  CHECK(sum.sink.up == 1);
  CHECK(sum.sink.failed_starts == 3);
  CHECK(sum.sink.given_back == 4);
  CHECK(sum.memory == 20);
  CHECK(sum.oldest_age == 7s);
  CHECK(sum.shown_at == Figures::Clock::time_point(3s));
}

TEST_CASE("a task that ended shows what it did") {
  fake::Rig rig(fake::quick_settings(), {{"1"}, {"2"}, {"3"}});
  CHECK(rig.run().state == RunState::finished);
  const Figures figures = rig.figures();
  CHECK(figures.ledger == rig.ledger());
  CHECK(figures.ledger.delivered == 3);
  CHECK(figures.tasks == 1);
  CHECK(figures.started == 1);
  CHECK(figures.sink.count == 1);
  CHECK(figures.sink.up == 0);  // stopped
  CHECK(figures.dead_letter_sink.count == 0);
  CHECK(figures.settled_after.total() > 0);
  CHECK(figures.oldest_age == 0s);
  CHECK(figures.shown_at == Figures::Clock::time_point::max());
}
