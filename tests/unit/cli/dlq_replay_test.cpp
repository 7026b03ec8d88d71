#include <catch2/catch.hpp>

#include "cli/dlq/replay_parts.h"
#include "fakes.h"
#include "pipeline/task.h"
#include "scratch.h"

using namespace weir::host;
using namespace weir::host::cli;
using Values = std::vector<std::string>;

namespace {

constexpr std::uint64_t kMemory = 1 << 20;

std::string letter(const std::string& value, const std::string& more = "", const std::string& pipeline = "p") {
  return R"({"key":"k","value":")" + value + R"(","error":{"pipeline":")" + pipeline + R"(","code":"E_DATA"})" + more +
         "}\n";
}
std::string clone_letter(const std::string& value, int clone) {
  return letter(value, R"(,"clone":)" + std::to_string(clone));
}

/// Makes a record into so many clones "value.n", and drops it, as `unbatch` does.
fake::Transform::Apply unbatch(int count) {
  return [count](std::span<Record* const> records, Slice& slice) {
    for (Record* record : records) {
      const std::string value = fake::value_of(*record);
      for (int n = 1; n <= count; ++n) fake::set_value(*slice.clone(*record), value + "." + std::to_string(n));
      record->fate = Fate::filtered;
    }
    return Status();
  };
}

fake::Transform::Apply fail_those(const Values& bad) {
  return [bad](std::span<Record* const> records, Slice&) {
    for (Record* record : records) {
      if (std::find(bad.begin(), bad.end(), fake::value_of(*record)) != bad.end())
        record->fail(WEIR_E_DATA, "still bad");
    }
    return Status();
  };
}

/// One replay of a file of letters through fake transforms into fake sinks.
class Run {
 public:
  explicit Run(const std::string& letters, const LetterOptions& options = {})
      : task_(settings(), 0, loaded(checkpointer_), Log()) {
    auto file = LetterFile::open(letters);
    REQUIRE(file.ok());
    auto replayed = Replayed::open(letters, file->identity());
    REQUIRE(replayed.ok());
    auto selection = LetterSelection::from(options, 0);
    REQUIRE(selection.ok());
    setup_ = std::make_unique<LetterSource::Setup>(LetterSource::Setup{*std::move(file), *std::move(selection), "p",
                                                                       std::nullopt, *std::move(replayed), 0, false});
    sink_ = fake::place(parts_.sink);
    dead_ = fake::place(parts_.dead_letter);
  }

  void add(const fake::Transform::Apply& apply) {
    Stage& stage = parts_.stages.emplace_back();
    stage.name = "stage";
    stage.transform = std::make_unique<fake::Transform>(apply);
  }

  RunState run(std::size_t before_spool = 0) {
    make_replay(parts_, *setup_, on_the_way_, counts, *task_.seat().positions, kMemory / 4, before_spool);
    task_.equip(std::move(parts_));
    return task_.run().state;
  }

  [[nodiscard]] fake::Sink& sink() { return *sink_; }
  [[nodiscard]] fake::Sink& dead() { return *dead_; }
  [[nodiscard]] Ledger ledger() const { return task_.ledger(); }
  void request_stop() { task_.request_stop(); }
  LetterCounts counts;

 private:
  static const PipelineSettings& settings() {
    static const PipelineSettings settings = [] {
      PipelineSettings made;
      made.name = "p";
      made.memory = kMemory;
      made.tolerate_bad_records = true;
      made.source_resumable = true;
      made.shutdown_timeout = Milliseconds(50);
      return made;
    }();
    return settings;
  }
  static Checkpointer& loaded(Checkpointer& checkpointer) {
    REQUIRE(checkpointer.load().ok());
    return checkpointer;
  }

  std::unique_ptr<LetterSource::Setup> setup_;
  LettersOnTheWay on_the_way_;
  Checkpointer checkpointer_{nullptr, 1, Milliseconds(10)};
  Task task_;
  TaskParts parts_;
  fake::Sink* sink_ = nullptr;
  fake::Sink* dead_ = nullptr;
};

}  // namespace

TEST_CASE("letters are replayed in the order of their file, and once") {
  const Scratch scratch;
  const std::string letters = scratch.write("bad", letter("1") + letter("2") + letter("1"));
  Run first(letters);
  CHECK(first.run() == RunState::finished);
  CHECK(first.sink().delivered == Values{"1", "2", "1"});
  CHECK(first.counts.sent == 3);
  CHECK(first.counts.problems() == 0);
  CHECK(first.ledger().balanced());
  std::ofstream(letters, std::ios::app) << letter("3");
  // The first one holds FILE.replayed.
  const Scratch other;
  std::filesystem::copy(letters, other.path("copy"));
  Run copied(other.path("copy"));
  CHECK(copied.run() == RunState::finished);
  CHECK(copied.sink().delivered == Values{"1", "2", "1", "3"});
}

TEST_CASE("a second replay sends what came since") {
  const Scratch scratch;
  const std::string letters = scratch.write("bad", letter("1"));
  {
    Run first(letters);
    CHECK(first.run() == RunState::finished);
  }
  std::ofstream(letters, std::ios::app) << letter("1");
  Run second(letters);
  CHECK(second.run() == RunState::finished);
  CHECK(second.sink().delivered == Values{"1"});
  CHECK(second.counts.before == 1);
}

TEST_CASE("what is not settled is not replayed") {
  const Scratch scratch;
  const std::string letters = scratch.write("bad", letter("1") + letter("2"));
  {
    Run first(letters);
    first.sink().acks_at_once = false;
    first.sink().on_put = [&](fake::Sink& sink) {
      if (sink.held.size() < 2) return;
      sink.ack(WEIR_OK, "", 1);
      first.request_stop();
    };
    CHECK(first.run() == RunState::stopped);
    CHECK(first.counts.sent == 1);
    CHECK(first.counts.not_sent == 1);
  }
  Run second(letters);
  CHECK(second.run() == RunState::finished);
  CHECK(second.sink().delivered == Values{"1"});
}

TEST_CASE("the letter of a clone sends this clone alone") {
  const Scratch scratch;
  Run run(scratch.write("bad", clone_letter("a", 3) + clone_letter("a", 1) + letter("b")));
  run.add(unbatch(4));
  CHECK(run.run() == RunState::finished);
  CHECK(run.sink().delivered == Values{"a.3", "a.1", "b.1", "b.2", "b.3", "b.4"});
  CHECK(run.counts.sent == 3);
  CHECK(run.counts.unwanted == 6);
  CHECK(run.ledger().balanced());
}

TEST_CASE("of a clone that is bad again there is a new letter, of its siblings there is none") {
  const Scratch scratch;
  Run run(scratch.write("bad", clone_letter("a", 2) + clone_letter("b", 2)));
  run.add(unbatch(3));
  run.add(fail_those({"a.1", "a.2", "a.3", "b.1"}));
  run.dead().capacity = 1;
  run.dead().acks_at_once = false;
  run.dead().on_service = [](fake::Sink& sink) { sink.ack_all(); };
  CHECK(run.run() == RunState::finished);
  CHECK(run.sink().delivered == Values{"b.2"});
  CHECK(run.dead().delivered == Values{"a"});
  CHECK(run.counts.sent == 2);
  CHECK(run.counts.unwanted_bad == 3);
  CHECK(run.ledger().balanced());
}

TEST_CASE("the record itself is not sent for a letter of its clone") {
  const Scratch scratch;
  Run run(scratch.write("bad", clone_letter("a", 1)));
  run.add([](std::span<Record* const> records, Slice& slice) {
    for (Record* record : records) fake::set_value(*slice.clone(*record), "clone");
    return Status();
  });
  CHECK(run.run() == RunState::finished);
  CHECK(run.sink().delivered == Values{"clone"});
}

TEST_CASE("a letter of a clone that is not made any more stays") {
  const Scratch scratch;
  Run run(scratch.write("bad", clone_letter("a", 3) + clone_letter("a", 2)));
  run.add(unbatch(2));
  CHECK(run.run() == RunState::finished);
  CHECK(run.sink().delivered == Values{"a.2"});
  CHECK(run.counts.clone_gone == 1);
  CHECK(run.counts.sent == 1);
  CHECK(run.counts.first_problem.find("line 1: ") == 0);
}

TEST_CASE("a letter that is bad again keeps the position of its record") {
  const Scratch scratch;
  Run run(scratch.write("bad", letter("a", R"(,"position":{"partition":"in","offset":"7"})") +
                                   letter("b", R"(,"position":{"offset":"8"})")));
  run.add(fail_those({"a", "b"}));
  CHECK(run.run() == RunState::finished);
  REQUIRE(run.dead().headers.size() == 2);
  const auto has = [](const auto& headers, const std::string& name, const std::string& value) {
    return std::find(headers.begin(), headers.end(), std::pair(name, value)) != headers.end();
  };
  CHECK(has(run.dead().headers[0], "__weir.errors.partition", "in"));
  CHECK(has(run.dead().headers[0], "__weir.errors.offset", "7"));
  CHECK(has(run.dead().headers[1], "__weir.errors.offset", "8"));
}

TEST_CASE("transforms before the spool see no record that had gone through it") {
  const Scratch scratch;
  Run run(scratch.write("bad", letter("a", R"(,"position":{"partition":"spool","offset":"7"})") +
                                   letter("b", R"(,"position":{"partition":"in","offset":"8"})") +
                                   letter("c", R"(,"position":{"partition":"spool","offset":"8"})")));
  const auto mark = [](const std::string& text) {
    return [text](std::span<Record* const> records, Slice&) {
      for (Record* record : records) fake::set_value(*record, fake::value_of(*record) + text);
      return Status();
    };
  };
  run.add(mark(" before"));
  run.add(mark(" behind"));
  CHECK(run.run(1) == RunState::finished);
  CHECK(run.sink().delivered == Values{"a behind", "b before behind", "c behind"});
}

TEST_CASE("what cannot be sent is counted, and the others are sent") {
  const Scratch scratch;
  const std::string none = R"({"error":{"pipeline":"p"}})"
                           "\n";
  Run run(scratch.write("bad", "damaged\n" + none + letter("x", "", "q") + letter(std::string(300'000, 'l')) +
                                   letter("good") + R"({"error":{"pipeline":"p","payload":"encrypted"},"value":"x"})" +
                                   "\n{\"torn"));
  CHECK(run.run() == RunState::finished);
  CHECK(run.sink().delivered == Values{"good"});
  CHECK(run.counts.damaged == 1);
  CHECK(run.counts.without_payload == 1);
  CHECK(run.counts.others == 1);
  CHECK(run.counts.too_large == 1);
  CHECK(run.counts.closed == 1);
  CHECK(run.counts.problems() == 4);
}

TEST_CASE("a limit and numbers choose what is sent") {
  const Scratch scratch;
  const std::string text = letter("1") + letter("2") + letter("3") + letter("4");
  Run limited(scratch.write("a", text), {.limit = 2});
  CHECK(limited.run() == RunState::finished);
  CHECK(limited.sink().delivered == Values{"1", "2"});
  Run numbered(scratch.write("b", text), {.numbers = {"2-3"}});
  CHECK(numbered.run() == RunState::finished);
  CHECK(numbered.sink().delivered == Values{"2", "3"});
}

TEST_CASE("more letters than a slice and the memory hold come through whole and in order") {
  const Scratch scratch;
  std::string text;
  Values expected;
  for (int i = 0; i < 3'000; ++i) {
    expected.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i % 7) * 400, '.'));
    text += letter(expected.back());
  }
  Run run(scratch.write("bad", text));
  CHECK(run.run() == RunState::finished);
  CHECK(run.sink().delivered == expected);
}
