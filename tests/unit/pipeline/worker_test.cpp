#include "pipeline/worker.h"

#include <catch2/catch.hpp>

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
  if (disk != nullptr) plan.store = fake::make_memory_store(*disk);
  plan.build = [count](const TaskSeat& seat) -> Result<TaskParts> {
    TaskParts parts;
    parts.source = std::make_unique<fake::Source>(numbered(count, "p" + std::to_string(seat.task)), *seat.positions);
    parts.sink = std::make_unique<fake::Sink>();
    return parts;
  };
  return plan;
}

/// The same, but its source never ends.
PipelinePlan endless(const std::string& name) {
  PipelinePlan made = plan(name, 5);
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
