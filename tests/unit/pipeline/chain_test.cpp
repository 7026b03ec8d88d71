#include "pipeline/chain.h"

#include <catch2/catch.hpp>

#include "fakes.h"

using namespace weir::host;
using Values = std::vector<std::string>;

namespace {

/// A slice of records and a chain to send it through.
struct Bench {
  Bench() : memory(1u << 20), home{&memory, nullptr, nullptr}, slice(home) {}

  Record* add(std::optional<std::string> value, const std::string& key = "k") {
    Origin* origin = slice.origins()->open(0, bytes_of("0"), 0);
    Record* record = slice.append(*origin);
    record->slots[WEIR_KEY].bytes = slice.arena().copy(key);
    if (value) record->slots[WEIR_VALUE].bytes = slice.arena().copy(*value);
    record->seal();
    return record;
  }
  /// A stage that notes what it was given.
  Stage& note(const std::string& name, std::uint32_t capabilities = 0) {
    Stage& stage = stages.emplace_back();
    stage.name = name;
    stage.capabilities = capabilities;
    stage.transform = std::make_unique<fake::Transform>([this, name](std::span<Record* const> records, Slice&) {
      for (const Record* record : records) seen.push_back(name + ":" + fake::value_of(*record));
      return Status();
    });
    return stage;
  }
  Status run() {
    Chain chain(
        stages, nullptr, {Milliseconds(50), Milliseconds(5)}, [this](Milliseconds) { return ++pauses < 1000; }, Log());
    return chain.run(slice);
  }

  MemoryMeter memory;
  SliceHome home;
  Slice slice;
  std::vector<Stage> stages;
  Values seen;
  int pauses = 0;
};

}  // namespace

TEST_CASE("a transform sees the records its predicate chose, with negate the others") {
  fake::Predicate is_a([](Record& record) { return view(record.value()) == "a"; });
  for (const bool negate : {false, true}) {
    Bench bench;
    bench.add("a");
    bench.add("b");
    Stage& stage = bench.note("t");
    stage.predicate = &is_a;
    stage.negate = negate;
    CHECK(bench.run().ok());
    CHECK(bench.seen == Values{negate ? "t:b" : "t:a"});
  }
}

TEST_CASE("a record with a null value is not chosen by a predicate that does not see it, negated or not") {
  fake::Predicate by_key([](Record& record) { return view(record.key()) == "yes"; });
  for (const bool negate : {false, true}) {
    for (const bool sees_null : {false, true}) {
      Bench bench;
      bench.add(std::nullopt, negate ? "no" : "yes");
      Stage& stage = bench.note("t", WEIR_TOMBSTONES);
      stage.predicate = &by_key;
      stage.predicate_sees_null = sees_null;
      stage.negate = negate;
      CHECK(bench.run().ok());
      CHECK(bench.seen.size() == (sees_null ? 1 : 0));
    }
  }
}

TEST_CASE("null values pass by a transform that did not ask for them; empty ones do not") {
  Bench bench;
  bench.add(std::nullopt);
  bench.add("");
  bench.note("plain");
  bench.note("keen", WEIR_TOMBSTONES);
  CHECK(bench.run().ok());
  CHECK(bench.seen == Values{"plain:", "keen:<null>", "keen:"});
}

TEST_CASE("a record a predicate cannot judge fails in its transform's name and is not chosen") {
  Bench bench;
  fake::Predicate picky([](Record& record) {
    if (view(record.value()) == "odd") record.fail(WEIR_E_DATA, "cannot be judged");
    return true;
  });
  bench.add("odd");
  bench.add("fine");
  bench.note("t").predicate = &picky;
  bench.note("next");
  CHECK(bench.run().ok());
  CHECK(bench.seen == Values{"t:fine", "next:fine"});
  const Record& odd = *bench.slice.records()[0];
  CHECK(odd.fate == Fate::failed);
  CHECK(odd.failure->stage == "t");
  CHECK(std::string(odd.failure->reason) == "cannot be judged");
}

TEST_CASE("what was dropped, failed or held goes no further; clones go on at the next transform only") {
  Bench bench;
  for (const char* value : {"drop", "fail", "hold", "clone", "pass"}) bench.add(value);
  Stage& stage = bench.stages.emplace_back();
  stage.name = "judge";
  stage.transform = std::make_unique<fake::Transform>([](std::span<Record* const> records, Slice& slice) {
    for (Record* record : records) {
      const std::string value = fake::value_of(*record);
      if (value == "drop") record->fate = Fate::filtered;
      if (value == "fail") record->fail(WEIR_E_DATA, "bad");
      if (value == "hold") record->fate = Fate::held;
      if (value == "clone") slice.clone(*record);
    }
    return Status();
  });
  bench.note("next");
  CHECK(bench.run().ok());
  CHECK(bench.seen == Values{"next:clone", "next:clone", "next:pass"});
}

TEST_CASE("a call that says E_DATA fails the records it was given, and no others") {
  Bench bench;
  bench.add("a");
  bench.add("b");
  fake::Predicate is_a([](Record& record) { return view(record.value()) == "a"; });
  Stage& stage = bench.stages.emplace_back();
  stage.name = "strict";
  stage.predicate = &is_a;
  stage.transform = std::make_unique<fake::Transform>(
      [](std::span<Record* const>, Slice&) { return Status::data("text that may not leave"); });
  CHECK(bench.run().ok());
  CHECK(bench.slice.records()[0]->fate == Fate::failed);
  CHECK(std::string(bench.slice.records()[0]->failure->reason) == "the transform refused the records it was given");
  CHECK(bench.slice.records()[1]->fate == Fate::live);
}

TEST_CASE("a predicate may ask for time like a transform") {
  Bench bench;
  bench.add("a");
  class Busy final : public Predicate {
   public:
    Status test(std::span<Record* const>, std::span<std::uint8_t> matches) override {
      matches[0] = 1;
      return ++calls_ < 3 ? Status::retry("busy") : Status();
    }

   private:
    int calls_ = 0;
  } busy;
  bench.note("t").predicate = &busy;
  CHECK(bench.run().ok());
  CHECK(bench.pauses == 2);
  CHECK(bench.seen == Values{"t:a"});
}

TEST_CASE("an interrupted retry says so; one that takes too long is final") {
  Bench bench;
  bench.add("a");
  Stage& stage = bench.stages.emplace_back();
  stage.name = "busy";
  stage.transform =
      std::make_unique<fake::Transform>([](std::span<Record* const>, Slice&) { return Status::retry("busy"); });
  bench.pauses = 1000;
  CHECK(bench.run().code() == WEIR_E_RETRY);
  CHECK(bench.slice.records()[0]->fate == Fate::live);

  Chain hasty(
      bench.stages, nullptr, {Milliseconds(0), Milliseconds(1)}, [](Milliseconds) { return true; }, Log());
  CHECK(hasty.run(bench.slice).code() == WEIR_E_FATAL);
}

TEST_CASE("transforms are started in order and stopped in the opposite one, only those that were started") {
  std::vector<Stage> stages;
  for (int i = 0; i < 3; ++i) {
    Stage& stage = stages.emplace_back();
    stage.name = std::to_string(i);
    stage.transform = std::make_unique<fake::Transform>(nullptr);
  }
  const auto transform = [&](int i) -> fake::Transform& {
    return static_cast<fake::Transform&>(*stages[static_cast<std::size_t>(i)].transform);
  };
  transform(1).start_answers = {Status::retry("later"), Status()};
  transform(2).start_answers = {Status::config("no such list")};
  Chain chain(
      stages, nullptr, {Milliseconds(50), Milliseconds(5)}, [](Milliseconds) { return true; }, Log());
  const Status status = chain.start();
  CHECK(status.message() == "transform '2' failed to start: no such list");
  chain.stop();
  CHECK(transform(0).stops == 1);
  CHECK(transform(1).stops == 1);
  CHECK(transform(2).stops == 0);
}
