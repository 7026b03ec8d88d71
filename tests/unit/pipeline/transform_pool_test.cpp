// A task whose transforms run on threads of their own: what comes out, what is counted, and how it ends.
#include <catch2/catch.hpp>

#include <algorithm>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "rig.h"

using namespace weir::host;
using fake::numbered;
using fake::quick_settings;
using fake::Rig;
using fake::value_of;
using Clock = std::chrono::steady_clock;
using Values = std::vector<std::string>;

namespace {

constexpr std::size_t kThreads = 3;

Values values_up_to(std::size_t count) {
  Values values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(std::to_string(i));
  return values;
}

/// Up to a third of a millisecond, different for each call and thread.
void take_some_time() {
  thread_local std::mt19937 random{std::random_device()()};
  std::this_thread::sleep_for(std::chrono::microseconds(random() % 333));
}

int number_of(const Record& record) { return std::stoi(value_of(record)); }

/// Clones every third, drops every fifth, fails every seventh.
Status mixed(std::span<Record* const> records, Slice& slice) {
  take_some_time();
  for (Record* record : records) {
    const int number = number_of(*record);
    if (number % 3 == 0) slice.clone(*record);
    if (number % 5 == 0) record->fate = Fate::filtered;
    if (number % 7 == 0 && number % 5 != 0) record->fail(WEIR_E_DATA, "divisible by seven");
  }
  return {};
}

}  // namespace

TEST_CASE("what threads transform in any time comes out in the order in which it was read") {
  Rig rig(quick_settings(), numbered(600));
  std::mutex mutex;
  std::set<std::thread::id> threads;
  rig.add_threads(kThreads, "slow", [&](std::span<Record* const> records, Slice&) {
    take_some_time();
    for (Record* record : records) fake::set_value(*record, value_of(*record) + "!");
    const std::lock_guard lock(mutex);
    threads.insert(std::this_thread::get_id());
    return Status();
  });
  const Outcome outcome = rig.run();
  CHECK(outcome.error.empty());
  CHECK(outcome.state == RunState::finished);
  Values expected = values_up_to(600);
  for (std::string& value : expected) value += "!";
  CHECK(rig.sink.delivered == expected);
  CHECK(threads.size() == kThreads);
  CHECK_FALSE(threads.contains(std::this_thread::get_id()));
  CHECK(rig.ledger().delivered == 600);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == "600");
  CHECK(rig.stored().finished);
}

TEST_CASE("clones, dropped and bad records of threads are counted, and dead letters keep their order") {
  const auto imbalances = alarm_count("ledger_imbalance");
  Rig rig(quick_settings(), numbered(1050));
  fake::Sink& dead = rig.add_dead_letter();
  rig.add_threads(kThreads, "mixed", mixed);
  Values delivered;
  Values bad;
  for (int i = 0; i < 1050; ++i) {
    const std::string value = std::to_string(i);
    if (i % 5 != 0) (i % 7 == 0 ? bad : delivered).push_back(value);
    if (i % 3 == 0) delivered.push_back(value);
  }
  const Outcome outcome = rig.run();
  CHECK(outcome.error.empty());
  CHECK(outcome.state == RunState::finished);
  CHECK(rig.sink.delivered == delivered);
  CHECK(dead.delivered == bad);
  const Ledger books = rig.ledger();
  CHECK(books.read == 1050);
  CHECK(books.cloned == 350);
  CHECK(books.filtered == 210);
  CHECK(books.dead_lettered == bad.size());
  CHECK(books.delivered == delivered.size());
  CHECK(books.balanced());
  CHECK(rig.position() == "1050");
  CHECK(alarm_count("ledger_imbalance") == imbalances);
}

TEST_CASE("a batch that a thread's transform refuses is bad as a whole, and names the transform") {
  Rig rig(quick_settings(), numbered(12));
  fake::Sink& dead = rig.add_dead_letter();
  rig.add_threads(kThreads, "picky", [](std::span<Record* const> records, Slice&) {
    return number_of(*records.front()) == 4 ? Status::data("not these") : Status();
  });
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered == Values{"0", "1", "2", "3", "8", "9", "10", "11"});
  CHECK(dead.delivered == Values{"4", "5", "6", "7"});
  const auto& headers = dead.headers.at(0);
  CHECK(std::find(headers.begin(), headers.end(),
                  std::pair<std::string, std::string>("__weir.errors.transform", "picky")) != headers.end());
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a thread that asks to be called again holds up what is behind it, and overtakes nothing") {
  Rig rig(quick_settings(), numbered(60));
  std::atomic<int> asked = 0;
  rig.add_threads(kThreads, "busy", [&](std::span<Record* const> records, Slice&) {
    return number_of(*records.front()) == 8 && ++asked < 3 ? Status::retry("not now") : Status();
  });
  CHECK(rig.run().state == RunState::finished);
  CHECK(asked == 3);
  CHECK(rig.sink.delivered == values_up_to(60));
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a thread that asks to be called again for too long fails the pipeline, and nothing behind it is delivered") {
  auto settings = quick_settings();
  settings.retry_timeout = Milliseconds(60);
  Rig rig(settings, numbered(200));
  rig.add_threads(kThreads, "busy", [](std::span<Record* const> records, Slice&) {
    return number_of(*records.front()) == 8 ? Status::retry("never") : Status();
  });
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error.find("'busy' asked to be called again for longer than retry_timeout") != std::string::npos);
  CHECK(rig.sink.delivered == values_up_to(8));
  CHECK(rig.position() == "8");
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a thread's fatal error fails the pipeline behind what was read before it") {
  Rig rig(quick_settings(), numbered(400));
  rig.add_threads(kThreads, "broken", [](std::span<Record* const> records, Slice&) {
    take_some_time();
    return number_of(*records.front()) == 40 ? Status::fatal("broken for good") : Status();
  });
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error == "transform 'broken' failed to apply: broken for good");
  CHECK(rig.sink.delivered == values_up_to(40));
  CHECK(rig.position() == "40");
  CHECK(rig.ledger().balanced());
}

TEST_CASE("with tolerance none the first bad record of a thread stops the pipeline at its place") {
  auto settings = quick_settings();
  settings.tolerate_bad_records = false;
  Rig rig(settings, numbered(400));
  rig.add_threads(kThreads, "strict", [](std::span<Record* const> records, Slice&) {
    take_some_time();
    for (Record* record : records) {
      if (number_of(*record) >= 42) record->fail(WEIR_E_DATA, "bad");
    }
    return Status();
  });
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error.find("a bad record") != std::string::npos);
  CHECK(rig.sink.delivered == values_up_to(42));
  CHECK(rig.position() == "42");
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a stop delivers the slices that are with threads") {
  Rig rig(quick_settings(), numbered(16));
  rig.source.ends = false;
  std::atomic<bool> asked = false;
  rig.add_threads(kThreads, "slow", [&](std::span<Record* const>, Slice&) {
    if (!asked.exchange(true)) rig.request_stop();
    std::this_thread::sleep_for(Milliseconds(20));
    return Status();
  });
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::stopped);
  CHECK(outcome.exact);
  CHECK(rig.ledger().read > 0);
  CHECK(rig.ledger().delivered == rig.ledger().read);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == std::to_string(rig.ledger().read));
}

TEST_CASE("a stop gives up slices that threads cannot finish, and they stay in flight") {
  Rig rig(quick_settings(), numbered(200));
  rig.source.ends = false;
  rig.add_threads(kThreads, "stuck", [&](std::span<Record* const> records, Slice& slice) {
    if (number_of(*records.front()) < 4) return Status();
    if (number_of(*records.front()) == 4) slice.clone(*records.front());  // the books have to hear of it
    rig.request_stop();
    return Status::retry("for ever");
  });
  const auto begin = Clock::now();
  const Outcome outcome = rig.run();
  CHECK(Clock::now() - begin >= quick_settings().shutdown_timeout);
  CHECK(Clock::now() - begin < quick_settings().shutdown_timeout + std::chrono::seconds(2));
  CHECK(outcome.state == RunState::stopped);
  CHECK(outcome.exact);
  CHECK(rig.sink.delivered == values_up_to(4));
  CHECK(rig.ledger().cloned > 0);
  CHECK(rig.ledger().in_flight == rig.ledger().read + rig.ledger().cloned - 4);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == "4");
}

TEST_CASE("a sink that breaks while threads work ends the pipeline, and no thread is left behind") {
  Rig rig(quick_settings(), numbered(400));
  std::atomic<int> inside = 0;
  rig.sink.verdict = [](const Record& record) { return value_of(record) == "52" ? WEIR_E_FATAL : WEIR_OK; };
  rig.add_threads(kThreads, "slow", [&](std::span<Record* const> records, Slice& slice) {
    ++inside;
    const Status status = mixed(records, slice);
    --inside;
    return status;
  });
  CHECK(rig.run().state == RunState::failed);
  CHECK(inside == 0);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("the transforms of every thread are started before the first record and stopped once") {
  Rig rig(quick_settings(), numbered(40));
  rig.add_threads(kThreads, "slow", [](std::span<Record* const>, Slice&) { return Status(); });
  for (std::size_t i = 0; i < kThreads; ++i) rig.transform_of(i).start_answers = {Status::retry("not yet")};
  rig.source.on_poll = [&] {
    for (std::size_t i = 0; i < kThreads; ++i) CHECK(rig.transform_of(i).start_answers.empty());
  };
  CHECK(rig.run().state == RunState::finished);
  for (std::size_t i = 0; i < kThreads; ++i) CHECK(rig.transform_of(i).stops == 1);
}

TEST_CASE("a transform that does not start on one thread fails the pipeline before anything is read") {
  Rig rig(quick_settings(), numbered(4));
  rig.add_threads(kThreads, "closed", [](std::span<Record* const>, Slice&) { return Status(); });
  rig.transform_of(1).start_answers = {Status::fatal("no way")};
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error.find("no way") != std::string::npos);
  CHECK(rig.source.starts == 0);
  CHECK(rig.transform_of(0).stops == 1);
  CHECK(rig.transform_of(1).stops == 0);
}

TEST_CASE("each thread runs the timers of its own transforms, also without records") {
  Rig rig(quick_settings(), {});
  rig.source.ends = false;
  std::atomic<int> early = 0;
  std::atomic<int> ticked = 0;
  rig.add_threads(kThreads, "clock", [](std::span<Record* const>, Slice&) { return Status(); });
  for (std::size_t i = 0; i < kThreads; ++i) {
    auto calls = std::make_shared<int>(0);
    auto due = std::make_shared<std::int64_t>(0);
    rig.transform_of(i).on_tick = [&, calls, due](Slice&, std::int64_t now_ms, std::int64_t& next_ms) {
      if (now_ms < *due) ++early;
      next_ms = *due = now_ms + 2;
      if (++*calls == 3 && ++ticked == static_cast<int>(kThreads)) rig.request_stop();
      return Status();
    };
  }
  CHECK(rig.run().state == RunState::stopped);
  CHECK(ticked == static_cast<int>(kThreads));
  CHECK(early == 0);
}

TEST_CASE("a stateless transform's timer that makes a record, or fails, fails the pipeline") {
  for (const bool makes : {true, false}) {
    Rig rig(quick_settings(), numbered(8));
    rig.source.ends = false;
    rig.add_threads(kThreads, "clock", [](std::span<Record* const>, Slice&) { return Status(); });
    rig.transform_of(2).on_tick = [makes](Slice& slice, std::int64_t, std::int64_t&) {
      if (makes) slice.merge({}, nullptr);
      return makes ? Status() : Status::fatal("the list cannot be read");
    };
    const Outcome outcome = rig.run();
    CHECK(outcome.state == RunState::failed);
    CHECK(outcome.error.find(makes ? "'clock' calls itself stateless" : "'clock' failed to tick: the list") !=
          std::string::npos);
    CHECK(rig.ledger().balanced());
  }
}

TEST_CASE("a partition whose records are with threads is drained before its source lets go of it") {
  Rig rig(quick_settings(), numbered(8));
  Status revoked = Status::fatal("not asked");
  rig.add_threads(kThreads, "slow", [](std::span<Record* const>, Slice&) {
    std::this_thread::sleep_for(Milliseconds(5));
    return Status();
  });
  rig.source.with_positions = [&](Positions& positions) {
    if (rig.source.next != 4 || revoked.ok()) return;
    revoked = positions.revoke("p", std::chrono::seconds(5));
    CHECK(positions.stored("p") == std::optional<std::string>("4"));
    rig.source.events.resize(4);  // the partition is another's now
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(revoked.ok());
  CHECK(rig.position() == "4");
  CHECK(rig.ledger().delivered == 4);
}

TEST_CASE("memory stays near its bound while threads make slices grow") {
  auto settings = quick_settings();
  settings.memory = 4u << 20;
  Rig rig(settings, numbered(2000));
  rig.source.per_poll = 4;
  std::atomic<std::size_t> most = 0;
  rig.add_threads(kThreads, "growing", [&](std::span<Record* const> records, Slice& slice) {
    for (Record* record : records) fake::set_value(*record, std::string(60'000, 'x'));
    std::size_t seen = most;
    const std::size_t used = slice.home().memory->used();
    while (used > seen && !most.compare_exchange_weak(seen, used)) continue;
    return Status();
  });
  rig.sink.acks_at_once = false;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.held.size() >= 40 || rig.source.next == 2000) sink.ack_all();
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.ledger().delivered == 2000);
  CHECK(most > settings.memory / 4);
  CHECK(most <= settings.memory + settings.memory / 4);  // one record more than fits, as with the task's own thread
}
