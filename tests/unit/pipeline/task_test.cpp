#include <catch2/catch.hpp>

#include "rig.h"

using namespace weir::host;
using fake::numbered;
using fake::quick_settings;
using fake::Rig;
using Values = std::vector<std::string>;

TEST_CASE("a sink that holds nothing is served now and then") {
  Rig rig(quick_settings(), numbered(1));
  rig.source.ends = false;
  int served_idle = 0;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.held.empty() && ++served_idle == 3) rig.request_stop();
  };
  CHECK(rig.run().state == RunState::stopped);
  CHECK(served_idle >= 3);
}

TEST_CASE("every record of a source that ends is delivered, the books balance, and the checkpoint says finished") {
  Rig rig(quick_settings(), numbered(10));
  const Outcome outcome = rig.run();
  CHECK(outcome.error.empty());
  CHECK(outcome.state == RunState::finished);
  CHECK(rig.sink.delivered == Values{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"});
  CHECK(rig.ledger().read == 10);
  CHECK(rig.ledger().delivered == 10);
  CHECK(rig.ledger().in_flight == 0);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == "10");
  CHECK(rig.stored().finished);
  CHECK(rig.sink.stops == 1);
  CHECK(rig.source.stops == 1);
}

TEST_CASE("acknowledgements may come in any order: the checkpoint never passes a record that is not settled") {
  Rig rig(quick_settings(), numbered(8));
  rig.sink.acks_at_once = false;
  rig.source.ends = false;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.held.size() < 8) return;
    for (std::size_t last = 7; last >= 4; --last) sink.ack(WEIR_OK, "", last);
    sink.ack(WEIR_OK, "", 0);
    sink.on_service = nullptr;
    rig.request_stop();
  };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::stopped);
  CHECK(outcome.exact);
  CHECK(rig.position() == "1");
  CHECK_FALSE(rig.stored().finished);
  CHECK(rig.ledger().delivered == 5);
  CHECK(rig.ledger().in_flight == 3);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("each partition has its own settled prefix") {
  std::vector<fake::Event> events;
  for (int i = 0; i < 4; ++i) {
    events.push_back({.value = "a" + std::to_string(i), .partition = "a"});
    events.push_back({.value = "b" + std::to_string(i), .partition = "b"});
  }
  Rig rig(quick_settings(), events);
  rig.sink.acks_at_once = false;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.held.size() < 8) return;
    for (std::size_t i = sink.held.size(); i-- > 1;) {
      if (fake::value_of(*sink.held[i]) != "b2") sink.ack(WEIR_OK, "", i);
    }
    sink.on_service = nullptr;  // a0 and b2 stay
    rig.request_stop();
  };
  CHECK(rig.run().state == RunState::stopped);
  CHECK(rig.position("a").empty());
  CHECK(rig.position("b") == "2");
}

TEST_CASE("a second run goes on where the first one settled") {
  fake::Disk disk;
  {
    Rig rig(quick_settings(), numbered(5), disk);
    rig.source.ends = false;
    rig.sink.on_put = [&](fake::Sink&) {
      if (rig.sink.delivered.size() == 5) rig.request_stop();
    };
    CHECK(rig.run().state == RunState::stopped);
  }
  CHECK(disk.checkpoint.positions.at("p") == "5");
  Rig rig(quick_settings(), numbered(8), disk);
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered == Values{"5", "6", "7"});

  Rig again(quick_settings(), numbered(8), disk);
  CHECK(again.run().state == RunState::finished);
  CHECK(again.ledger().read == 0);
  CHECK(disk.checkpoint.finished);
}

TEST_CASE("a sink that gives its records back gets them again in order, from the oldest unsettled one") {
  Rig rig(quick_settings(), numbered(8));
  rig.sink.acks_at_once = false;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.starts > 1) return sink.ack_all();
    if (sink.held.size() < 8) return;
    sink.ack(WEIR_OK, "", 3);
    sink.ack(WEIR_OK, "", 0);  // 0 and 3 arrived, then the client died
    sink.ack_all(WEIR_E_RETRY);
  };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::finished);
  CHECK(rig.sink.starts == 2);
  CHECK(rig.sink.offered == Values{"0", "1", "2", "3", "4", "5", "6", "7", "1", "2", "4", "5", "6", "7"});
  CHECK(rig.sink.delivered == Values{"3", "0", "1", "2", "4", "5", "6", "7"});
  CHECK(rig.ledger().delivered == 8);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a sink that is full is offered the rest again, and nothing twice") {
  Rig rig(quick_settings(), numbered(20));
  rig.sink.acks_at_once = false;
  rig.sink.capacity = 3;
  rig.sink.on_service = [](fake::Sink& sink) { sink.ack_all(); };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.offered.size() == 20);
  CHECK(rig.sink.delivered == rig.sink.offered);
}

TEST_CASE("while the sink is full the source is not polled") {
  Rig rig(quick_settings(), numbered(40));
  rig.sink.acks_at_once = false;
  rig.sink.capacity = 3;
  std::size_t most = 0;
  int served = 0;
  rig.sink.on_service = [&](fake::Sink& sink) {
    most = std::max(most, rig.source.next - sink.delivered.size());
    if (++served % 5 == 0) sink.ack_all();
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered.size() == 40);
  CHECK(most <= rig.sink.capacity + rig.source.per_poll);
}

TEST_CASE("a sink is flushed when nothing more can reach it before it acknowledges something") {
  auto settings = quick_settings();
  settings.memory = 1u << 20;
  std::vector<fake::Event> events;
  for (int i = 0; i < 100; ++i) events.push_back({.value = std::string(100'000, 'x')});
  Rig rig(settings, events);
  rig.source.per_poll = 1;
  rig.sink.acks_at_once = false;
  SECTION("it is full") { rig.sink.capacity = 3; }
  SECTION("the window is full") {}
  int served = 0;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (++served % 20 == 0) sink.ack_all();  // a task that does not flush comes to its end too
  };
  int early = 0;
  rig.sink.on_flush = [&](fake::Sink& sink) {
    if (rig.source.next < events.size()) ++early;
    sink.ack_all();
    return Status();
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered.size() == 100);
  CHECK(early >= 5);
}

TEST_CASE("a sink that more may reach gathers in peace until the source ends") {
  Rig rig(quick_settings(), numbered(8));
  rig.sink.acks_at_once = false;
  rig.source.ends = false;
  int polls = 0;
  rig.source.on_poll = [&] { rig.source.ends = ++polls >= 20; };
  int early = 0;
  rig.sink.on_flush = [&](fake::Sink& sink) {
    if (!rig.source.ends) ++early;
    sink.ack_all();
    return Status();
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered.size() == 8);
  CHECK(early == 0);
}

TEST_CASE("a flush that is OK with a taken record unacknowledged raises the alarm and fails the pipeline") {
  const auto before = alarm_count("lost_acknowledgement");
  Rig rig(quick_settings(), numbered(6));
  rig.sink.acks_at_once = false;
  rig.sink.on_put = [](fake::Sink& sink) {
    while (sink.held.size() > 1) sink.ack(WEIR_OK, "", 1);  // all but the first one
  };
  rig.sink.on_flush = [](fake::Sink&) { return Status(); };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error.find("never acknowledged") != std::string::npos);
  CHECK(alarm_count("lost_acknowledgement") == before + 1);
  CHECK(rig.position().empty());
  CHECK(rig.ledger().in_flight == 1);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a record acknowledged twice fails the pipeline and is counted once") {
  Rig rig(quick_settings(), numbered(4));
  rig.sink.acks_at_once = false;
  rig.sink.on_put = [](fake::Sink& sink) {
    sink.held.push_back(sink.held.front());
    sink.ack_all();
  };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error.find("does not hold") != std::string::npos);
  CHECK(rig.ledger().delivered == 4);
  CHECK(rig.ledger().balanced());
}

TEST_CASE("a sink that says E_FATAL about a record fails the pipeline, which keeps the position before it") {
  Rig rig(quick_settings(), numbered(6));
  rig.sink.verdict = [](const Record& record) { return fake::value_of(record) == "2" ? WEIR_E_FATAL : WEIR_OK; };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error == "the sink did not take a record: refused by the fake");
  CHECK(rig.position() == "2");
  CHECK(rig.ledger().balanced());
}

TEST_CASE("no source is polled before the sink said OK, however often it asks to be started again") {
  Rig rig(quick_settings(), numbered(3));
  for (int i = 0; i < 3; ++i) rig.sink.start_answers.push_back(Status::retry("no broker"));
  rig.source.on_poll = [&] { CHECK(rig.sink.starts == 4); };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered.size() == 3);
}

TEST_CASE("a sink that refuses to start fails the pipeline before anything is read") {
  Rig rig(quick_settings(), numbered(3));
  rig.sink.start_answers.push_back(Status::config("topic 'x' does not exist"));
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error == "the sink failed: topic 'x' does not exist");
  CHECK(rig.source.starts == 0);
  CHECK(rig.ledger().read == 0);
}

TEST_CASE("a stop while the sink is not there yet ends at once, and nothing was lost") {
  auto settings = quick_settings();
  settings.source_resumable = false;
  Rig rig(settings, numbered(3));
  for (int i = 0; i < 1000; ++i) rig.sink.start_answers.push_back(Status::retry("no broker"));
  rig.request_stop();
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::stopped);
  CHECK(outcome.exact);
}

TEST_CASE(
    "a source that asks for time is polled again; one that asks for longer than retry_timeout fails the pipeline") {
  Rig patient(quick_settings(), numbered(3));
  patient.source.start_answers = {Status::retry("locked"), Status::retry("locked")};
  patient.source.poll_answers = {Status::retry("later"), Status::retry("later")};
  CHECK(patient.run().state == RunState::finished);
  CHECK(patient.sink.delivered.size() == 3);

  auto settings = quick_settings();
  settings.retry_timeout = Milliseconds(20);
  Rig hopeless(settings, numbered(3));
  for (int i = 0; i < 1000; ++i) hopeless.source.poll_answers.push_back(Status::retry("later"));
  const Outcome outcome = hopeless.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error.find("longer than retry_timeout: later") != std::string::npos);
}

TEST_CASE("a source that fails does not keep what it gave before from being delivered") {
  Rig rig(quick_settings(), numbered(8));
  rig.source.per_poll = 4;
  rig.source.poll_answers = {Status(), Status::fatal("the disk is gone")};
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error == "the source failed: the disk is gone");
  CHECK(rig.sink.delivered.size() == 4);
  CHECK(rig.position() == "4");
}

TEST_CASE("records that wait longer than retry_timeout raise an alarm, and are delivered when the sink can") {
  const auto before = alarm_count("delivery_stalled");
  auto settings = quick_settings();
  settings.retry_timeout = Milliseconds(20);
  Rig rig(settings, numbered(2));
  rig.sink.acks_at_once = false;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (alarm_count("delivery_stalled") > before) sink.ack_all();
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered.size() == 2);
}

TEST_CASE("a checkpoint that cannot be stored stops the pipeline with what the store said") {
  fake::Disk disk;
  disk.answer = Status::fatal("no space left");
  Rig rig(quick_settings(), numbered(100000), disk);
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::failed);
  CHECK(outcome.error == "no space left");
  CHECK(rig.ledger().read < 100000);
  CHECK(disk.checkpoint.positions.empty());
}

TEST_CASE("a source hears of its tokens at once and in any order; of what never settles, that it may send it again") {
  std::vector<fake::Event> events;
  for (std::uint64_t token = 1; token <= 4; ++token)
    events.push_back({.value = std::to_string(token), .partition = "", .token = token});
  auto settings = quick_settings();
  settings.source_resumable = false;
  Rig rig(settings, events);
  rig.add("judge", [](std::span<Record* const> records, Slice&) {
    for (Record* record : records) {
      if (fake::value_of(*record) == "1") record->fail(WEIR_E_DATA, "bad");
    }
    return Status();
  });
  rig.sink.acks_at_once = false;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.held.size() < 3) return;
    sink.ack(WEIR_OK, "", 2);
    sink.ack(WEIR_OK, "", 1);
    rig.request_stop();
  };
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::stopped);
  CHECK_FALSE(outcome.exact);
  const std::vector<std::pair<std::uint64_t, weir_status>> expected{
      {1, WEIR_E_DATA}, {4, WEIR_OK}, {3, WEIR_OK}, {2, WEIR_E_RETRY}};
  std::vector<std::pair<std::uint64_t, weir_status>> told;
  for (const weir_settled& each : rig.source.told) told.emplace_back(each.token, each.status);
  CHECK(told == expected);
  CHECK(rig.stored().positions.empty());
}

TEST_CASE("no position moves past a record that a failing poll did not give, though its origin was open") {
  for (const weir_status status : {WEIR_E_RETRY, WEIR_E_FATAL}) {
    Rig rig(quick_settings(), numbered(8));
    rig.source.breaks_at = 5;
    rig.source.breaks_with = Status(status, "between position and record");
    const Outcome outcome = rig.run();
    const bool goes_on = status == WEIR_E_RETRY;
    CHECK(outcome.state == (goes_on ? RunState::finished : RunState::failed));
    CHECK(rig.sink.delivered.size() == (goes_on ? 8 : 5));
    CHECK(rig.position() == (goes_on ? "8" : "5"));
    CHECK(rig.ledger().read == rig.sink.delivered.size());
    CHECK(rig.ledger().balanced());
  }
}
