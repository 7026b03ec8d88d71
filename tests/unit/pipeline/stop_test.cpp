#include <catch2/catch.hpp>

#include <chrono>
#include <ctime>
#include <thread>

#include "rig.h"

using namespace weir::host;
using fake::numbered;
using fake::quick_settings;
using fake::Rig;
using Clock = std::chrono::steady_clock;

TEST_CASE("a stop waits for what is in flight and stores it") {
  Rig rig(quick_settings(), numbered(4));
  rig.source.ends = false;
  rig.sink.acks_at_once = false;
  Clock::time_point asked;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.held.size() == 4 && asked == Clock::time_point{}) {
      asked = Clock::now();
      rig.request_stop();
    }
    if (asked != Clock::time_point{} && Clock::now() - asked > std::chrono::milliseconds(20)) sink.ack_all();
  };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::stopped);
  CHECK(outcome.exact);
  CHECK(rig.ledger().delivered == 4);
  CHECK(rig.position() == "4");
}

TEST_CASE("a stop gives up after shutdown_timeout: right if the source gives the rest again, else an error") {
  for (const bool resumable : {true, false}) {
    auto settings = quick_settings();
    settings.source_resumable = resumable;
    Rig running(settings, numbered(4));
    running.source.ends = false;
    running.sink.acks_at_once = false;
    running.sink.on_put = [&](fake::Sink&) { running.request_stop(); };
    const auto begin = Clock::now();
    const Outcome outcome = running.run();
    CHECK(Clock::now() - begin >= settings.shutdown_timeout);
    CHECK(Clock::now() - begin < settings.shutdown_timeout + std::chrono::seconds(2));
    CHECK(outcome.state == RunState::stopped);
    CHECK(outcome.exact == resumable);
    CHECK(outcome.error.empty() == resumable);
    CHECK(running.sink.held.empty());  // given back
    CHECK(running.ledger().in_flight == 4);
    CHECK(running.ledger().balanced());
  }
}

TEST_CASE("a stop wakes a source that waits") {
  Rig rig(quick_settings(), {});
  rig.source.ends = false;
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    rig.request_stop();
  });
  const auto begin = Clock::now();
  CHECK(rig.run().state == RunState::stopped);
  CHECK(Clock::now() - begin < std::chrono::seconds(2));
  stopper.join();
}

TEST_CASE("a transform that asks for time is called again with the same records, and gives up with the stop") {
  Rig rig(quick_settings(), numbered(2));
  std::vector<std::size_t> calls;
  rig.add("busy", [&](std::span<Record* const> records, Slice&) {
    calls.push_back(records.size());
    return calls.size() < 3 ? Status::retry("busy") : Status();
  });
  CHECK(rig.run().state == RunState::finished);
  CHECK(calls == std::vector<std::size_t>{2, 2, 2});

  auto settings = quick_settings();
  settings.retry_timeout = Milliseconds(60'000);
  Rig stuck(settings, numbered(2));
  stuck.add("stuck", [&](std::span<Record* const>, Slice&) {
    stuck.request_stop();
    return Status::retry("busy");
  });
  const Outcome outcome = stuck.run();
  CHECK(outcome.state == RunState::stopped);
  CHECK(stuck.sink.offered.empty());  // they have not passed the chain
  CHECK(stuck.ledger().in_flight == 2);
  CHECK(stuck.ledger().balanced());
}

TEST_CASE(
    "a transform that asks for longer than retry_timeout, or fails, fails the pipeline and its records go nowhere") {
  auto settings = quick_settings();
  settings.retry_timeout = Milliseconds(30);
  Rig slow(settings, numbered(8));
  slow.add("slow", [](std::span<Record* const> records, Slice&) {
    return fake::value_of(*records[0]) == "4" ? Status::retry("busy") : Status();
  });
  const Outcome outcome = slow.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error == "transform 'slow' asked to be called again for longer than retry_timeout: busy");
  CHECK(slow.sink.offered.size() == 4);
  CHECK(slow.position() == "4");

  Rig broken(quick_settings(), numbered(4));
  broken.add("broken", [](std::span<Record* const>, Slice&) { return Status::fatal("no key"); });
  CHECK(broken.run().error == "transform 'broken' failed to apply: no key");
  CHECK(broken.sink.offered.empty());
  CHECK(broken.position().empty());
}

TEST_CASE("an idle task gives a source that waits up to a second, and comes back to one that does not ten times") {
  const bool waits = GENERATE(true, false);
  Rig rig(quick_settings(), {});
  rig.source.ends = false;
  rig.source.waits = waits;
  int polls = 0;
  rig.source.on_poll = [&] {
    if (++polls == 12) rig.request_stop();
  };
  CHECK(rig.run().state == RunState::stopped);
  CHECK(rig.source.longest_timeout <= Milliseconds(waits ? 1000 : 100));
  CHECK(rig.source.longest_timeout > Milliseconds(waits ? 500 : 50));
}

TEST_CASE("an idle task with a timer looks at the clock ten times a second") {
  Rig rig(quick_settings(), {});
  rig.source.ends = false;
  rig.source.waits = true;
  rig.add("timer", nullptr);
  rig.transform(0).on_tick = [](Slice&, std::int64_t now_ms, std::int64_t& next_ms) {
    next_ms = now_ms + 3'600'000;
    return Status();
  };
  int polls = 0;
  rig.source.on_poll = [&] {
    if (++polls == 12) rig.request_stop();
  };
  CHECK(rig.run().state == RunState::stopped);
  CHECK(rig.source.longest_timeout == Milliseconds(100));
}

TEST_CASE("a task with nothing to do uses next to no processor") {
  Rig rig(quick_settings(), numbered(2));
  rig.source.ends = false;
  rig.sink.acks_at_once = false;  // two records in flight for ever, the worst case
  std::thread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    rig.request_stop();
  });
  const std::clock_t begin = std::clock();
  (void)rig.run();
  stopper.join();
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  CHECK(seconds < 0.1);
}
