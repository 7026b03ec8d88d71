#include "pipeline/tap.h"

#include <catch2/catch.hpp>

#include "fakes.h"
#include "pipeline/chain.h"
#include "rig.h"

using namespace weir::host;

namespace {

/// A slice of records that stands somewhere in a chain.
struct Passing {
  Passing() : memory(8u << 20), home{&memory, nullptr, nullptr}, slice(home) {}

  Record* add(const std::string& value) {
    Origin* origin = slice.origins()->open(0, bytes_of("0"), 0);
    Record* record = slice.append(*origin);
    record->set_slot(WEIR_VALUE, slice.arena().copy(value));
    record->seal();
    return record;
  }

  MemoryMeter memory;
  SliceHome home;
  Slice slice;
};

std::vector<std::string> values_of(const std::deque<TapRecord>& records) {
  std::vector<std::string> values;
  for (const TapRecord& record : records) values.push_back(record.value.value_or("null"));
  return values;
}

using Values = std::vector<std::string>;

/// Appends its letter to every value.
Transform* append_letter(fake::Rig& rig, char letter) {
  return rig
      .add(std::string(1, letter),
           [letter](std::span<Record* const> records, Slice& slice) {
             for (Record* record : records)
               record->set_slot(WEIR_VALUE, slice.arena().copy(fake::value_of(*record) + letter));
             return Status();
           })
      .transform.get();
}

}  // namespace

TEST_CASE("nobody looks: nothing is copied or counted") {
  Tap tap({}, 0);
  Passing passing;
  passing.add("a");
  CHECK(tap.place() == Tap::kNowhere);
  tap.offer(passing.slice, 0);
  CHECK(tap.copied() == 0);
  CHECK(tap.missed() == 0);
  CHECK(tap.take().empty());
}

TEST_CASE("one reader at a time; the next one begins with nothing of the one before") {
  Tap tap({}, 0);
  Passing passing;
  passing.add("a");
  REQUIRE(tap.open(1));
  CHECK_FALSE(tap.open(1));
  tap.offer(passing.slice, 1);
  tap.close();
  REQUIRE(tap.open(2));
  CHECK(tap.take().empty());
}

TEST_CASE("a chain that is late gives nothing to a reader who looks elsewhere") {
  Tap tap({}, 0);
  Passing passing;
  passing.add("secret");
  REQUIRE(tap.open(2));
  tap.offer(passing.slice, 1);
  CHECK(tap.take().empty());
  CHECK(tap.missed() == 0);
}

TEST_CASE("a reader gets live records only, with all they have") {
  Tap tap({}, 0);
  Passing passing;
  Record* whole = passing.add("a");
  whole->set_slot(WEIR_KEY, passing.slice.arena().copy("key"));
  whole->topic = passing.slice.arena().copy("topic");
  whole->timestamp_ms = 7;
  whole->add_header("name", bytes_of("value"));
  whole->add_header("empty", kNullBytes);
  passing.add("bad")->fail(WEIR_E_DATA, "made to fail");
  passing.add("gone")->fate = Fate::filtered;
  passing.add("")->set_slot(WEIR_VALUE, kNullBytes);
  REQUIRE(tap.open(0));
  tap.offer(passing.slice, 0);
  const auto seen = tap.take();
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].key == "key");
  CHECK(seen[0].value == "a");
  CHECK(seen[0].topic == "topic");
  CHECK(seen[0].timestamp_ms == 7);
  REQUIRE(seen[0].headers.size() == 2);
  CHECK(seen[0].headers[0] == std::pair<std::string, std::optional<std::string>>("name", "value"));
  CHECK_FALSE(seen[0].headers[1].second);
  CHECK_FALSE(seen[1].value);
  CHECK(tap.copied() == 2);
}

TEST_CASE("what does not fit the queue passes unseen and is counted") {
  Tap tap({}, 0);
  REQUIRE(tap.open(0));
  SECTION("many") {
    Passing passing;
    constexpr std::size_t kEach = 60;
    for (std::size_t i = 0; i < kEach; ++i) passing.add("a");
    for (int i = 0; i < 5; ++i) tap.offer(passing.slice, 0);
    CHECK(tap.missed() == 5 * kEach - Tap::kRecords);
    CHECK(tap.take().size() == Tap::kRecords);
    tap.offer(passing.slice, 0);  // room again
    CHECK(tap.take().size() == kEach);
  }
  SECTION("large") {
    Passing passing;
    passing.add(std::string(Tap::kBytes, 'a'));
    passing.add("b");
    tap.offer(passing.slice, 0);
    CHECK(tap.missed() == 1);
    CHECK(values_of(tap.take()) == Values{"b"});
  }
}

TEST_CASE("a task's records are seen as they stand at the place that is looked at") {
  const std::size_t threads = GENERATE(0, 3);
  const std::size_t place = GENERATE(0, 1, 2);
  PipelineSettings settings = fake::quick_settings();
  settings.tap = std::make_shared<Tap>(Values{"a", "b"}, 0);
  fake::Rig rig(settings, {{"1"}, {"2"}});
  REQUIRE(settings.tap->open(place));
  if (threads > 0) {
    rig.add_threads(threads, "a", [](std::span<Record* const> records, Slice& slice) {
      for (Record* record : records) record->set_slot(WEIR_VALUE, slice.arena().copy(fake::value_of(*record) + "a"));
      return Status();
    });
  } else {
    append_letter(rig, 'a');
    append_letter(rig, 'b');
  }
  CHECK(rig.run().state == RunState::finished);
  const Values at[] = {{"1", "2"}, {"1a", "2a"}, {"1ab", "2ab"}};
  const bool no_such_place = threads > 0 && place == 2;
  CHECK(values_of(settings.tap->take()) == (no_such_place ? Values() : at[place]));
}
