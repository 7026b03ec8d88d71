#include <catch2/catch.hpp>

#include <atomic>
#include <functional>

#include "fake_spool.h"
#include "observe/log.h"
#include "pipeline/worker.h"
#include "rig.h"

using namespace weir::host;
using fake::numbered;
using fake::quick_settings;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// What several runs of a pipeline with a spool have in common.
struct Place {
  fake::SpoolDisk spool;
  fake::Disk source_positions;
  fake::Disk spool_positions;
  std::vector<std::string> delivered;  // by the sink of the second leg; looked at when nothing runs
  std::atomic<bool> sink_there{true};
};

/// What was stored last, also while a pipeline runs.
Checkpoint stored(fake::Disk& disk) {
  const std::lock_guard lock(disk.mutex);
  return disk.checkpoint;
}

struct Shape {
  std::size_t events = 20;
  bool ends = true;
  std::uint32_t tasks = 1;
  std::string version = "1";
  std::function<void(const TaskSeat&, TaskParts&)> change = nullptr;
};

std::unique_ptr<fake::Sink> delivering(Place& place) {
  auto sink = std::make_unique<fake::Sink>();
  sink->on_put = [&place](fake::Sink& at) {
    place.delivered.insert(place.delivered.end(), at.delivered.begin(), at.delivered.end());
    at.delivered.clear();
  };
  if (!place.sink_there) sink->start_answers = std::deque<Status>(10'000, Status::retry("no broker"));
  return sink;
}

PipelinePlan spooling(Place& place, const Shape& shape = {}) {
  PipelinePlan plan;
  plan.settings = quick_settings();
  plan.settings.name = "spooled";
  plan.settings.tasks = shape.tasks;
  plan.version = shape.version;
  plan.spool = "/spool";
  plan.open_store = [&place] { return fake::make_memory_store(place.source_positions); };
  plan.open_backlog_store = [&place] { return fake::make_memory_store(place.spool_positions); };
  plan.open_backlog = [&place] { return fake::make_spool(place.spool); };
  plan.build = [&place, shape](const TaskSeat& seat) -> Result<TaskParts> {
    TaskParts parts;
    if (seat.leg == LegKind::ingest) {
      auto source =
          std::make_unique<fake::Source>(numbered(shape.events, "p" + std::to_string(seat.task)), *seat.positions);
      source->ends = shape.ends;
      parts.source = std::move(source);
    } else {
      parts.sink = delivering(place);
    }
    if (shape.change) shape.change(seat, parts);
    return parts;
  };
  return plan;
}

bool waits_until(Worker& worker, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + seconds(20);
  while (!condition() && std::chrono::steady_clock::now() < end) static_cast<void>(worker.wait_for(milliseconds(5)));
  return condition();
}

PipelineSummary run(PipelinePlan plan) {
  Worker worker;
  REQUIRE(worker.add(std::move(plan)).ok());
  worker.start();
  REQUIRE(worker.wait_for(seconds(20)));
  return worker.summaries().at(0);
}

std::vector<std::string> values(std::size_t first, std::size_t end) {
  std::vector<std::string> all;
  for (std::size_t i = first; i < end; ++i) all.push_back(std::to_string(i));
  return all;
}

std::uint64_t imbalances() {
  std::uint64_t count = 0;
  for (const AlarmCount& each : alarm_counts()) {
    if (each.alarm == "ledger_imbalance" && each.pipeline == "spooled") count += each.count;
  }
  return count;
}

}  // namespace

TEST_CASE("a pipeline with a spool takes all through it, in order, and finishes when it is empty") {
  Place place;
  const PipelineSummary summary = run(spooling(place));
  CHECK(summary.outcome.state == RunState::finished);
  CHECK(place.delivered == values(0, 20));
  const Ledger& books = summary.ledger;
  CHECK(books.balanced());
  CHECK(books.read == 20);
  CHECK(books.delivered == 20);
  CHECK(books.spooled + books.taken + books.backlog_start + books.backlog_end + books.in_flight == 0);
  REQUIRE(summary.backlog.has_value());
  CHECK(summary.backlog->figures.spooled == 20);
  CHECK(summary.backlog->figures.taken == 20);
  CHECK(stored(place.source_positions).positions.at("p0") == "20");
  CHECK(stored(place.source_positions).finished);
  CHECK(stored(place.spool_positions).positions.at("spool") == "20");
  CHECK(place.spool.opened == 0);
  CHECK(summary.figures.spool_sink.count == 1);
  CHECK(summary.figures.sink.count == 1);
}

TEST_CASE("all tasks of both legs have the same share of the memory") {
  Place place;
  std::vector<std::uint64_t> shares;
  Shape shape;
  shape.tasks = 3;
  shape.change = [&shares](const TaskSeat& seat, TaskParts&) { shares.push_back(seat.memory); };
  PipelinePlan plan = spooling(place, shape);
  plan.settings.memory = 64u << 20;
  const PipelineSummary summary = run(std::move(plan));
  CHECK(shares == std::vector<std::uint64_t>(4, 16u << 20));
  CHECK(summary.ledger.delivered == 60);
  CHECK(summary.ledger.balanced());
  CHECK(summary.figures.memory_limit == 64u << 20);
}

TEST_CASE("the first leg goes on while the sink has never been there, and a stop keeps what it spooled") {
  Place place;
  place.sink_there = false;
  {
    Worker worker;
    REQUIRE(worker.add(spooling(place, {.events = 500, .ends = false})).ok());
    worker.start();
    REQUIRE(waits_until(worker, [&] { return stored(place.source_positions).positions["p0"] == "500"; }));
    REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.backlog_end == 500; }));
    const PipelineSummary running = worker.summaries()[0];
    CHECK(running.ledger.balanced());
    CHECK(running.backlog->is_filled);
    CHECK_FALSE(running.backlog->is_emptied);
    worker.request_stop();
    REQUIRE(worker.wait_for(seconds(10)));
    const PipelineSummary stopped = worker.summaries()[0];
    CHECK(stopped.outcome.state == RunState::stopped);
    CHECK(stopped.ledger.balanced());
    CHECK(stopped.ledger.read == 500);
    CHECK(stopped.ledger.backlog_end == 500);
    CHECK(worker.exit_code() == 0);
  }
  place.sink_there = true;
  const PipelineSummary summary = run(spooling(place, {.events = 600}));
  CHECK(summary.outcome.state == RunState::finished);
  CHECK(place.delivered == values(0, 600));
  CHECK(summary.ledger.balanced());
  CHECK(summary.ledger.backlog_start == 500);
  CHECK(summary.ledger.read == 100);
  CHECK(summary.ledger.delivered == 600);
}

TEST_CASE("a source that ended long ago does not keep the spool from being emptied") {
  Place place;
  place.sink_there = false;
  {
    Worker worker;
    REQUIRE(worker.add(spooling(place)).ok());
    worker.start();
    REQUIRE(waits_until(worker, [&] { return stored(place.source_positions).finished; }));
    CHECK(worker.summaries()[0].outcome.state == RunState::running);
    worker.request_stop();
    REQUIRE(worker.wait_for(seconds(10)));
    CHECK(worker.summaries()[0].outcome.state == RunState::stopped);
    CHECK(worker.exit_code() == 0);
  }
  place.sink_there = true;
  const PipelineSummary summary = run(spooling(place));
  CHECK(summary.outcome.state == RunState::finished);
  CHECK(summary.ledger.read == 0);
  CHECK(summary.ledger.backlog_start == 20);
  CHECK(summary.ledger.delivered == 20);
  CHECK(summary.ledger.balanced());
  const PipelineSummary again = run(spooling(place));
  CHECK(again.outcome.state == RunState::finished);
  CHECK(again.ledger == Ledger{});
  CHECK(place.delivered == values(0, 20));
}

TEST_CASE("what the second leg had taken and not settled is in flight, and in the spool of the next run") {
  Place place;
  Shape shape{.ends = false};
  shape.change = [](const TaskSeat& seat, TaskParts& parts) {
    if (seat.leg == LegKind::drain) static_cast<fake::Sink&>(*parts.sink).acks_at_once = false;
  };
  {
    Worker worker;
    REQUIRE(worker.add(spooling(place, shape)).ok());
    worker.start();
    REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.in_flight == 20; }));
    worker.request_stop();
    REQUIRE(worker.wait_for(seconds(10)));
    const PipelineSummary summary = worker.summaries()[0];
    CHECK(summary.ledger.in_flight == 20);
    CHECK(summary.ledger.backlog_end == 0);
    CHECK(summary.ledger.balanced());
    CHECK(summary.outcome.exact);
    CHECK(worker.exit_code() == 0);
  }
  const PipelineSummary summary = run(spooling(place));
  CHECK(summary.ledger.backlog_start == 20);
  CHECK(summary.ledger.delivered == 20);
  CHECK(summary.ledger.balanced());
}

TEST_CASE("a leg that fails stops the other one, and the books of both still balance") {
  const bool first = GENERATE(true, false);
  Place place;
  Shape shape{.events = 50, .ends = false};
  shape.change = [first](const TaskSeat& seat, TaskParts& parts) {
    if (first && seat.leg == LegKind::ingest) {
      auto& source = static_cast<fake::Source&>(*parts.source);
      source.on_poll = [&source] {
        if (source.next > 30) source.poll_answers = {Status::fatal("gone")};
      };
    }
    if (!first && seat.leg == LegKind::drain) {
      auto& sink = static_cast<fake::Sink&>(*parts.sink);
      sink.verdict = [&sink](const Record&) { return sink.offered.size() > 10 ? WEIR_E_FATAL : WEIR_OK; };
    }
  };
  const PipelineSummary summary = run(spooling(place, shape));
  CHECK(summary.outcome.state == RunState::failed);
  CHECK(summary.outcome.error.find(first ? "the source failed: gone" : "the sink did not take a record") !=
        std::string::npos);
  CHECK(summary.ledger.balanced());
  CHECK(summary.ledger.read == summary.ledger.delivered + summary.ledger.in_flight + summary.ledger.backlog_end);
}

TEST_CASE("a spool that cannot be written stops the pipeline with what it said") {
  Place place;
  SECTION("from the start") {
    place.spool.sink_answer = Status::config("another worker has it");
    const PipelineSummary summary = run(spooling(place));
    CHECK(summary.outcome.state == RunState::failed);
    CHECK(summary.outcome.error == "the sink failed: another worker has it");
    CHECK(summary.ledger.read == 0);
    CHECK(summary.ledger.balanced());
  }
  SECTION("later") {
    place.spool.fails_at = 10;
    const PipelineSummary summary = run(spooling(place));
    CHECK(summary.outcome.state == RunState::failed);
    CHECK(summary.outcome.error.find("the disk is gone") != std::string::npos);
    CHECK(summary.ledger.balanced());
  }
}

TEST_CASE("a full spool holds the source back") {
  Place place;
  place.sink_there = false;
  place.spool.capacity = 30;
  Worker worker;
  PipelinePlan plan = spooling(place, {.events = 5'000, .ends = false});
  plan.settings.memory = 128u << 10;
  REQUIRE(worker.add(std::move(plan)).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.backlog_end == 30; }));
  CHECK_FALSE(worker.wait_for(milliseconds(300)));
  CHECK(worker.summaries()[0].ledger.backlog_end == 30);
  CHECK(worker.summaries()[0].ledger.read < 5'000);
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.summaries()[0].ledger.balanced());
}

TEST_CASE("transforms and bad records count in the leg where they are") {
  Place place;
  Shape shape{.events = 10};
  shape.change = [](const TaskSeat& seat, TaskParts& parts) {
    const char drops = seat.leg == LegKind::ingest ? '1' : '2';
    const char fails = seat.leg == LegKind::ingest ? '3' : '4';
    Stage& stage = parts.stages.emplace_back();
    stage.name = seat.leg == LegKind::ingest ? "early" : "late";
    stage.transform = std::make_unique<fake::Transform>([=](std::span<Record* const> records, Slice&) {
      for (Record* record : records) {
        const char value = fake::value_of(*record)[0];
        if (value == drops) record->fate = Fate::filtered;
        if (value == fails) record->fail(WEIR_E_DATA, "bad");
      }
      return Status();
    });
    parts.dead_letter = std::make_unique<fake::Sink>();
  };
  const PipelineSummary summary = run(spooling(place, shape));
  CHECK(place.delivered == std::vector<std::string>{"0", "5", "6", "7", "8", "9"});
  CHECK(summary.ledger.read == 10);
  CHECK(summary.ledger.filtered == 2);
  CHECK(summary.ledger.dead_lettered == 2);
  CHECK(summary.ledger.delivered == 6);
  CHECK(summary.ledger.balanced());
  CHECK(summary.backlog->figures.spooled == 8);
}

TEST_CASE("a dead letter sink that is away does not hold up the first leg") {
  Place place;
  place.sink_there = false;
  Shape shape{.ends = false};
  shape.change = [](const TaskSeat&, TaskParts& parts) {
    auto sink = std::make_unique<fake::Sink>();
    sink->start_answers = std::deque<Status>(10'000, Status::retry("no broker"));
    parts.dead_letter = std::move(sink);
  };
  Worker worker;
  REQUIRE(worker.add(spooling(place, shape)).ok());
  worker.start();
  CHECK(waits_until(worker, [&] { return worker.summaries()[0].ledger.backlog_end == 20; }));
}

TEST_CASE("books of a spool that do not agree with those of the legs raise the alarm") {
  Place place;
  const std::uint64_t before = imbalances();
  static_cast<void>(run(spooling(place)));
  CHECK(imbalances() == before);
  Place wrong;
  wrong.spool.miscount = 1;
  static_cast<void>(run(spooling(wrong)));
  CHECK(imbalances() == before + 1);
}

TEST_CASE("books that are read while records pass a spool are whole") {
  Place place;
  Worker worker;
  REQUIRE(worker.add(spooling(place, {.events = 50'000})).ok());
  worker.start();
  while (!worker.wait_for(milliseconds(5))) REQUIRE(worker.summaries()[0].ledger.balanced());
  CHECK(worker.summaries()[0].ledger.delivered == 50'000);
}

TEST_CASE("a changed pipeline opens the spool after the old one has left it") {
  Place place;
  place.sink_there = false;
  Worker worker;
  REQUIRE(worker.add(spooling(place, {.events = 20, .ends = false})).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.backlog_end == 20; }));
  place.sink_there = true;
  REQUIRE(worker.stage(spooling(place, {.events = 30, .version = "2"})).ok());
  CHECK(place.spool.opened == 1);
  worker.commit({});
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(place.spool.most_opened <= 2);
  CHECK(place.delivered == values(0, 30));
  const PipelineSummary summary = worker.summaries()[0];
  CHECK(summary.ledger.balanced());
  CHECK(summary.ledger.read == 30);
  CHECK(summary.ledger.delivered == 30);
  CHECK(summary.ledger.backlog_start == 0);
  CHECK(summary.ledger.backlog_end == 0);
  CHECK(summary.backlog->figures.spooled == 30);
}

TEST_CASE("a pipeline does not leave its spool while it runs") {
  Place place;
  Worker worker;
  REQUIRE(worker.add(spooling(place, {.ends = false})).ok());
  worker.start();
  PipelinePlan elsewhere = spooling(place, {.version = "2"});
  elsewhere.spool = "/other";
  CHECK(worker.stage(std::move(elsewhere)).message().find("cannot leave its spool /spool") != std::string::npos);
  PipelinePlan without = spooling(place, {.version = "2"});
  without.spool.clear();
  without.open_backlog = nullptr;
  CHECK(worker.stage(std::move(without)).code() == WEIR_E_CONFIG);
}

TEST_CASE("another source of the pipeline finds the spool's position and its records") {
  Place place;
  place.sink_there = false;
  {
    Worker worker;
    REQUIRE(worker.add(spooling(place, {.ends = false})).ok());
    worker.start();
    REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.backlog_end == 20; }));
  }
  place.sink_there = true;
  fake::Disk other_positions;
  PipelinePlan other = spooling(place, {.events = 5});
  other.open_store = [&other_positions] { return fake::make_memory_store(other_positions); };
  const PipelineSummary summary = run(std::move(other));
  std::vector<std::string> expected = values(0, 20);
  for (const std::string& value : values(0, 5)) expected.push_back(value);
  CHECK(place.delivered == expected);
  CHECK(summary.ledger.balanced());
}

TEST_CASE("a first leg that ends before the second has started does not leave the spool to others") {
  Place place;
  place.sink_there = false;
  Worker worker;
  REQUIRE(worker.add(spooling(place)).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return stored(place.source_positions).finished; }));
  CHECK(worker.summaries()[0].backlog->figures.spooled == 20);
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.summaries()[0].ledger.balanced());
}
