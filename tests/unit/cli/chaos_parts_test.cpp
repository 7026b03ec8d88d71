#include <catch2/catch.hpp>

#include "cli/chaos/parts.h"
#include "fakes.h"
#include "pipeline/task.h"

using namespace weir::host;
using namespace weir::host::cli::chaos;

namespace {

constexpr std::uint64_t kMemory = 64 << 20;
using Pairs = std::vector<std::pair<std::string, std::string>>;

/// One task of fakes, changed as the workers of chaos are.
class Run {
 public:
  explicit Run(std::vector<fake::Event> events, const SinkKinds& kinds = {})
      : task_(settings(), 0, loaded(checkpointer_), Log()),
        page(make_shared_page()),
        kinds_(kinds),
        events_(std::move(events)) {}

  RunState run() {
    const auto build = with_marks(
        [this](const TaskSeat& seat) -> Result<TaskParts> {
          TaskParts parts;
          auto made = std::make_unique<fake::Source>(events_, *seat.positions);
          source = made.get();
          parts.source = std::move(made);
          sink = fake::place(parts.sink);
          dead = fake::place(parts.dead_letter);
          if (prepare) prepare(*this);
          return parts;
        },
        *page, kinds_);
    auto parts = build(task_.seat());
    REQUIRE(parts.ok());
    task_.equip(*std::move(parts));
    return task_.run().state;
  }

  std::function<void(Run&)> prepare;  // what is fake, once it is there
  fake::Source* source = nullptr;
  fake::Sink* sink = nullptr;
  fake::Sink* dead = nullptr;

 private:
  static const PipelineSettings& settings() {
    static const PipelineSettings settings = [] {
      PipelineSettings made;
      made.name = "p";
      made.memory = kMemory;
      made.tolerate_bad_records = true;
      made.source_resumable = true;
      return made;
    }();
    return settings;
  }
  static Checkpointer& loaded(Checkpointer& checkpointer) {
    REQUIRE(checkpointer.load().ok());
    return checkpointer;
  }

  Checkpointer checkpointer_{nullptr, 1, Milliseconds(10)};
  Task task_;

 public:
  SharedPagePtr page;

 private:
  const SinkKinds kinds_;
  std::vector<fake::Event> events_;
};

}  // namespace

TEST_CASE("a record says which position of its source it came from") {
  Run run({{.value = "a", .partition = "x"}, {.value = "b", .partition = "x"}, {.value = "c", .partition = "y"}});
  CHECK(run.run() == RunState::finished);
  REQUIRE(run.sink->headers.size() == 3);
  CHECK(run.sink->headers[0] == Pairs{{"__weir.chaos", "1@x"}});
  CHECK(run.sink->headers[1] == Pairs{{"__weir.chaos", "2@x"}});
  CHECK(run.sink->headers[2] == Pairs{{"__weir.chaos", "1@y"}});
}

TEST_CASE("a dead letter keeps the mark") {
  Run run({{.value = "a"}, {.value = "b", .bad = true}});
  CHECK(run.run() == RunState::finished);
  REQUIRE(run.dead->headers.size() == 1);
  const Pairs& headers = run.dead->headers[0];
  CHECK(std::count(headers.begin(), headers.end(), std::pair<std::string, std::string>("__weir.chaos", "2@p")) == 1);
}

TEST_CASE("no more is put than is read back") {
  std::vector<fake::Event> events;
  for (int i = 0; i < 100; ++i) events.push_back({.value = std::string(100'000, 'x')});
  Run run(events);
  std::uint64_t most = 0;
  run.prepare = [&most](Run& self) {
    SharedPage& page = *self.page;
    self.sink->on_service = [&page, before = std::uint64_t{0}](fake::Sink&) mutable {
      if (page.put == before) page.read = before;  // nothing more comes: the reader catches up
      before = page.put;
    };
    self.sink->on_put = [&most, &page](fake::Sink&) { most = std::max(most, page.put - page.read); };
  };
  CHECK(run.run() == RunState::finished);
  CHECK(run.sink->delivered.size() == 100);
  CHECK(most > 1'000'000);
  CHECK(most < 2'500'000);
}

TEST_CASE("a source is slowed down to its rate, and stands still when it is held") {
  Run slow(fake::numbered(30));
  slow.page->rate = 100;
  const auto begun = std::chrono::steady_clock::now();
  CHECK(slow.run() == RunState::finished);
  CHECK(slow.sink->delivered.size() == 30);
  CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(150));

  Run held(fake::numbered(30));
  held.page->hold = true;
  std::thread release([&held] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    held.page->hold = false;
  });
  held.prepare = [](Run& self) { self.source->on_poll = [&page = *self.page] { CHECK_FALSE(page.hold.load()); }; };
  CHECK(held.run() == RunState::finished);
  CHECK(held.sink->delivered.size() == 30);
  release.join();
}
