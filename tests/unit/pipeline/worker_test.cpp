#include "pipeline/worker.h"

#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <thread>

#include "rig.h"

using namespace weir::host;
using fake::numbered;
using fake::quick_settings;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// A pipeline whose tasks each read `count` events of a partition of their own.
PipelinePlan plan(const std::string& name, std::size_t count, fake::Disk* disk = nullptr, std::uint32_t tasks = 1) {
  PipelinePlan plan;
  plan.settings = quick_settings();
  plan.settings.name = name;
  plan.settings.tasks = tasks;
  if (disk != nullptr) plan.open_store = [disk] { return fake::make_memory_store(*disk); };
  plan.build = [count](const TaskSeat& seat) -> Result<TaskParts> {
    TaskParts parts;
    parts.source = std::make_unique<fake::Source>(numbered(count, "p" + std::to_string(seat.task)), *seat.positions);
    parts.sink = std::make_unique<fake::Sink>();
    return parts;
  };
  return plan;
}

/// The same, but its source never ends.
PipelinePlan endless(const std::string& name, std::size_t count = 5, fake::Disk* disk = nullptr) {
  PipelinePlan made = plan(name, count, disk);
  made.build = [build = made.build](const TaskSeat& seat) {
    auto parts = build(seat);
    static_cast<fake::Source&>(*(*parts).source).ends = false;
    return parts;
  };
  return made;
}

/// The same, but its task `task` fails once it has started.
PipelinePlan failing(PipelinePlan made, std::uint32_t task) {
  made.build = [build = made.build, task](const TaskSeat& seat) {
    auto parts = build(seat);
    if (seat.task == task) static_cast<fake::Source&>(*(*parts).source).poll_answers = {Status::fatal("gone")};
    return parts;
  };
  return made;
}

}  // namespace

TEST_CASE("a pipeline that fails leaves the others running") {
  Worker worker;
  REQUIRE(worker.add(plan("good", 100)).ok());
  REQUIRE(worker.add(failing(plan("bad", 100), 0)).ok());
  REQUIRE(worker.add(endless("patient")).ok());
  worker.start();
  CHECK_FALSE(worker.wait_for(milliseconds(200)));
  auto all = worker.summaries();
  REQUIRE(all.size() == 3);
  CHECK(all[0].outcome.state == RunState::finished);
  CHECK(all[1].outcome.state == RunState::failed);
  CHECK(all[1].outcome.error == "the source failed: gone");
  CHECK(all[2].outcome.state == RunState::running);
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
  all = worker.summaries();
  CHECK(all[2].name == "patient");
  CHECK(all[2].outcome.state == RunState::stopped);
  CHECK(all[2].ledger.delivered == 5);
  CHECK(all[2].ledger.balanced());
  CHECK(all[2].seconds > 0.1);
  CHECK(worker.exit_code() == 1);
}

TEST_CASE("all finished or stopped without loss is exit code 0") {
  Worker worker;
  REQUIRE(worker.add(plan("one", 10)).ok());
  REQUIRE(worker.add(endless("two")).ok());
  worker.start();
  CHECK_FALSE(worker.wait_for(milliseconds(50)));
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.exit_code() == 0);
}

TEST_CASE("the tasks of a pipeline share its books, its memory and its checkpoint") {
  fake::Disk disk;
  Worker worker;
  std::vector<std::uint64_t> memory;
  PipelinePlan made = plan("wide", 50, &disk, 3);
  made.build = [&memory, build = made.build](const TaskSeat& seat) {
    memory.push_back(seat.memory);
    CHECK(seat.count == 3);
    return build(seat);
  };
  made.settings.memory = 30u << 20;
  REQUIRE(worker.add(std::move(made)).ok());
  worker.start();
  REQUIRE(worker.wait_for(seconds(10)));
  const auto summary = worker.summaries().at(0);
  CHECK(summary.outcome.state == RunState::finished);
  CHECK(summary.ledger.delivered == 150);
  CHECK(summary.ledger.balanced());
  CHECK(memory == std::vector<std::uint64_t>(3, 10u << 20));
  CHECK(disk.checkpoint.positions == std::map<std::string, std::string>{{"p0", "50"}, {"p1", "50"}, {"p2", "50"}});
  CHECK(disk.checkpoint.finished);
}

TEST_CASE("a task that fails stops the other tasks of its pipeline") {
  Worker worker;
  PipelinePlan made = endless("wide");
  made.settings.tasks = 2;
  REQUIRE(worker.add(failing(std::move(made), 1)).ok());
  worker.start();
  REQUIRE(worker.wait_for(seconds(10)));
  const auto summary = worker.summaries().at(0);
  CHECK(summary.outcome.state == RunState::failed);
  CHECK(summary.outcome.error == "the source failed: gone");
}

TEST_CASE("a pipeline that cannot be built is refused with what its builder said") {
  Worker worker;
  PipelinePlan refused = plan("refused", 1);
  refused.build = [](const TaskSeat&) -> Result<TaskParts> { return Status::config("field 'path' is missing"); };
  CHECK(worker.add(std::move(refused)).message() == "field 'path' is missing");
  REQUIRE(worker.add(plan("good", 1)).ok());
  worker.start();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.summaries().size() == 1);
  CHECK(worker.exit_code() == 0);
}

TEST_CASE("a pipeline whose checkpoint cannot be read fails and reads nothing") {
  fake::Disk disk;
  disk.load_answer = Status::fatal("the checkpoint is damaged");
  Worker worker;
  REQUIRE(worker.add(plan("damaged", 10, &disk)).ok());
  REQUIRE(worker.add(plan("good", 10)).ok());
  worker.start();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.summaries()[0].outcome.error == "the checkpoint is damaged");
  CHECK(worker.summaries()[0].ledger.read == 0);
  CHECK(worker.summaries()[1].outcome.state == RunState::finished);
  CHECK(worker.exit_code() == 1);
}

TEST_CASE("a stop that comes before the start holds") {
  Worker worker;
  REQUIRE(worker.add(endless("early")).ok());
  worker.request_stop();
  REQUIRE(worker.add(endless("late")).ok());
  worker.start();
  REQUIRE(worker.wait_for(seconds(10)));
  for (const auto& summary : worker.summaries()) CHECK(summary.outcome.state == RunState::stopped);
}

TEST_CASE("a worker that goes out of scope stops what runs") {
  const auto begin = std::chrono::steady_clock::now();
  {
    Worker worker;
    REQUIRE(worker.add(endless("running")).ok());
    worker.start();
    std::this_thread::sleep_for(milliseconds(20));
  }
  CHECK(std::chrono::steady_clock::now() - begin < seconds(5));
}

TEST_CASE("books read while a pipeline runs are whole") {
  Worker worker;
  REQUIRE(worker.add(plan("busy", 50'000)).ok());
  worker.start();
  while (!worker.wait_for(milliseconds(5))) REQUIRE(worker.summaries()[0].ledger.balanced());
  CHECK(worker.summaries()[0].ledger.delivered == 50'000);
}

namespace {

/// A version of an endless pipeline that goes on where the one before has stopped, and what it delivered.
PipelinePlan version_of(PipelinePlan made, const std::string& version) {
  made.version = version;
  made.settings.source_resumable = true;
  return made;
}

/// The same, but its sink says `status` when it is started.
PipelinePlan refused_at_start(PipelinePlan made, const Status& status) {
  made.build = [build = made.build, status](const TaskSeat& seat) {
    auto parts = build(seat);
    static_cast<fake::Sink&>(*(*parts).sink).start_answers = {status};
    return parts;
  };
  return made;
}

bool waits_until(Worker& worker, const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + seconds(10);
  while (!condition() && std::chrono::steady_clock::now() < end) static_cast<void>(worker.wait_for(milliseconds(5)));
  return condition();
}

}  // namespace

TEST_CASE("a changed pipeline takes over where the old one has settled") {
  fake::Disk disk;
  Worker worker;
  REQUIRE(worker.add(version_of(endless("p", 5, &disk), "1")).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.delivered == 5; }));
  CHECK(worker.runs("p", "1"));
  REQUIRE(worker.stage(version_of(endless("p", 8, &disk), "2")).ok());
  CHECK(worker.runs("p", "1"));  // nothing has happened yet
  worker.commit({});
  CHECK(worker.runs("p", "2"));
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.delivered == 8; }));
  CHECK(worker.summaries()[0].ledger.read == 8);
  CHECK(worker.summaries()[0].ledger.balanced());
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.exit_code() == 0);
}

TEST_CASE("what fails to start is replaced by what ran before") {
  fake::Disk disk;
  Worker worker;
  REQUIRE(worker.add(version_of(endless("p", 5, &disk), "1")).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.delivered == 5; }));
  REQUIRE(
      worker.stage(refused_at_start(version_of(endless("p", 8, &disk), "2"), Status::config("no such topic"))).ok());
  worker.commit({});
  REQUIRE(waits_until(worker, [&] { return worker.runs("p", "1"); }));
  CHECK(worker.summaries()[0].outcome.state == RunState::running);
  CHECK(worker.summaries()[0].ledger.read == 5);
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.exit_code() == 0);
}

TEST_CASE("what is replaced while it still waits for its sink makes room for the next, not for what ran before") {
  fake::Disk disk;
  Worker worker;
  const auto waiting = [&](const std::string& version) {
    PipelinePlan made = version_of(endless("p", 8, &disk), version);
    made.build = [build = made.build](const TaskSeat& seat) {
      auto parts = build(seat);
      static_cast<fake::Sink&>(*(*parts).sink).start_answers = std::deque<Status>(10'000, Status::retry("no broker"));
      return parts;
    };
    return made;
  };
  REQUIRE(worker.add(version_of(endless("p", 5, &disk), "1")).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.delivered == 5; }));
  REQUIRE(worker.stage(waiting("2")).ok());
  worker.commit({});
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].figures.sink.failed_starts > 0; }));
  SECTION("by one that starts") {
    REQUIRE(worker.stage(version_of(endless("p", 9, &disk), "3")).ok());
    worker.commit({});
    REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.delivered == 9; }));
    CHECK(worker.runs("p", "3"));
  }
  SECTION("by one that does not: then the one that last ran comes back") {
    REQUIRE(worker.stage(refused_at_start(version_of(endless("p", 9, &disk), "3"), Status::config("no"))).ok());
    worker.commit({});
    REQUIRE(waits_until(worker, [&] { return worker.runs("p", "1"); }));
  }
  SECTION("by nothing") {
    worker.commit({"p"});
    REQUIRE(worker.wait_for(seconds(10)));
    CHECK(worker.names().empty());
  }
}

TEST_CASE("a pipeline that was replaced while it had failed does not come back") {
  fake::Disk disk;
  Worker worker;
  REQUIRE(worker.add(version_of(failing(plan("p", 5, &disk), 0), "1")).ok());
  REQUIRE(worker.add(endless("other")).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].outcome.state == RunState::failed; }));
  CHECK_FALSE(worker.runs("p", "1"));
  REQUIRE(worker.stage(refused_at_start(version_of(plan("p", 5, &disk), "2"), Status::config("no"))).ok());
  worker.commit({});
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].outcome.error.find("no") != std::string::npos; }));
  REQUIRE(worker.stage(version_of(plan("p", 5, &disk), "3")).ok());
  worker.commit({});
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].outcome.state == RunState::finished; }));
}

TEST_CASE("nothing new starts before all that leaves has ended") {
  Worker worker;
  PipelinePlan slow = endless("leaves");
  auto gate = std::make_shared<std::atomic<bool>>(false);
  slow.build = [gate, build = slow.build](const TaskSeat& seat) {
    auto parts = build(seat);
    auto& sink = static_cast<fake::Sink&>(*(*parts).sink);
    sink.acks_at_once = false;
    sink.on_flush = [gate](fake::Sink& held) {
      if (!*gate) return Status::retry("held");
      held.ack_all();
      return Status();
    };
    return parts;
  };
  REQUIRE(worker.add(std::move(slow)).ok());
  worker.start();
  REQUIRE(waits_until(worker, [&] { return worker.summaries()[0].ledger.read == 5; }));
  REQUIRE(worker.stage(version_of(plan("comes", 5), "1")).ok());
  worker.commit({"leaves"});
  CHECK_FALSE(worker.wait_for(milliseconds(50)));
  CHECK(worker.summaries().at(1).ledger.read == 0);
  *gate = true;
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.summaries().at(0).outcome.state == RunState::stopped);
  CHECK(worker.summaries().at(1).ledger.delivered == 5);
  CHECK(worker.names() == std::vector<std::string>{"comes"});
}

TEST_CASE("a source that cannot resume keeps its pipeline as it is") {
  Worker worker;
  PipelinePlan piped = endless("piped");
  piped.settings.source_resumable = false;
  REQUIRE(worker.add(std::move(piped)).ok());
  worker.start();
  CHECK(worker.stage(version_of(endless("piped"), "2")).code() == WEIR_E_CONFIG);
  REQUIRE(worker.stage(version_of(plan("new", 5), "1")).ok());
  worker.drop_staged();
  worker.commit({});
  CHECK(worker.names() == std::vector<std::string>{"piped"});
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
}

TEST_CASE("a stop while a pipeline is replaced leaves the new one out") {
  fake::Disk disk;
  Worker worker;
  REQUIRE(worker.add(version_of(endless("p", 5, &disk), "1")).ok());
  worker.start();
  REQUIRE(worker.stage(version_of(endless("p", 8, &disk), "2")).ok());
  worker.commit({});
  worker.request_stop();
  REQUIRE(worker.wait_for(seconds(10)));
  CHECK(worker.summaries().at(0).outcome.state == RunState::stopped);
  CHECK(worker.summaries().at(0).ledger.read <= 5);
}
