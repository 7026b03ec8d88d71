#include "pipeline/window.h"

#include <catch2/catch.hpp>

#include "fakes.h"

using namespace weir::host;

namespace {

/// A window with nothing around it.
struct Bare {
  explicit Bare(std::size_t memory_limit, bool past_bad_records = true)
      : memory(memory_limit), home{&memory, nullptr, nullptr}, window(home, positions, past_bad_records) {}

  /// Admits a slice of `count` records of partition 0, offsets going on from the last.
  Slice& add(std::size_t count, std::size_t bytes = 8) {
    auto slice = window.take_slice();
    for (std::size_t i = 0; i < count; ++i) {
      const std::string offset = std::to_string(++last);
      Record* record = slice->append(*slice->origins()->open(0, bytes_of(offset), 0));
      record->slots[WEIR_VALUE].bytes = slice->arena().copy(std::string(bytes, 'x'));
    }
    slice->seal();
    slice->origins()->close();
    Slice& admitted = window.admit(std::move(slice), WindowEntry::Clock::now());
    window.ready(admitted);
    return admitted;
  }
  void settle(Slice& slice) {
    const auto all = slice.records();
    for (Record* record : all) window.settle(*record);
  }

  MemoryMeter memory;
  SliceHome home;
  PositionLog positions;
  Window window;
  int last = 0;
};

std::vector<Record*> take_all(Window& window) {
  std::vector<Record*> taken;
  while (window.has_offer()) {
    const auto offer = window.offer();
    taken.insert(taken.end(), offer.begin(), offer.end());
    window.taken(offer.size());
  }
  return taken;
}

}  // namespace

TEST_CASE("a straggler pins its own slice and no other") {
  Bare bare(6u << 20);
  Slice& first = bare.add(64, 1000);
  std::vector<Slice*> others;
  for (int i = 0; i < 50; ++i) others.push_back(&bare.add(64, 1000));
  const std::size_t pinned = bare.memory.used();
  for (std::size_t i = 1; i < 64; ++i) bare.window.settle(*first.records()[i]);
  for (Slice* slice : others) bare.settle(*slice);
  bare.window.reclaim(false);
  CHECK(bare.window.slices() == 1);
  CHECK(bare.window.in_flight() == 1);
  CHECK(bare.memory.used() < pinned / 2);
  CHECK(bare.positions.size() == 2);  // the straggler's, and all settled ones behind it as one
  CHECK(bare.positions.take_moved().empty());
  bare.window.settle(*first.records()[0]);
  bare.window.reclaim(false);
  CHECK(bare.window.empty());
  CHECK(bare.positions.size() == 0);
  const auto moved = bare.positions.take_moved();
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].second == std::to_string(51 * 64));
}

TEST_CASE("settled neighbours are one entry in the log of positions, however long a straggler takes") {
  Bare bare(64u << 20);
  Slice& straggler = bare.add(1);
  for (int i = 0; i < 10'000; ++i) {
    bare.settle(bare.add(3));
    bare.window.reclaim(false);
    REQUIRE(bare.positions.size() <= 2);
    REQUIRE(bare.window.slices() == 1);
  }
  bare.settle(straggler);
  CHECK(bare.positions.take_moved()[0].second == "30001");
}

TEST_CASE("the window has room while another slice fits, and always when it is empty") {
  Bare bare(1u << 20);
  std::vector<Slice*> slices;
  while (bare.window.has_room()) {
    REQUIRE(bare.memory.used() + Slice::kBytes <= bare.memory.limit());
    slices.push_back(&bare.add(64, 1000));
    REQUIRE(slices.size() < 1000);
  }
  CHECK(slices.size() > 4);
  CHECK(bare.memory.used() <= bare.memory.limit());
  bare.settle(*slices[3]);
  bare.window.reclaim(false);
  CHECK(bare.window.has_room());

  Bare tiny(1000);
  CHECK(tiny.window.has_room());
  tiny.add(1);
  CHECK_FALSE(tiny.window.has_room());
}

TEST_CASE("large records in a row count for the next one before it is there") {
  Bare bare(4u << 20);
  std::size_t count = 0;
  while (bare.window.has_room()) {
    bare.add(1, 900'000);
    ++count;
  }
  CHECK(count == 4);
  CHECK(bare.memory.used() <= bare.memory.limit());
}

TEST_CASE("a steady flow uses its slices again and allocates no memory for them") {
  Bare bare(8u << 20);
  for (int i = 0; i < 4; ++i) bare.add(64, 1000);
  std::vector<Slice*> row;
  const auto turn = [&] {
    Slice& slice = bare.add(64, 1000);
    bare.settle(slice);
    bare.window.reclaim(false);
  };
  turn();
  const std::size_t used = bare.memory.used();
  for (int i = 0; i < 100; ++i) {
    const std::size_t spare = bare.memory.spare();
    turn();
    REQUIRE(bare.memory.used() == used);
    REQUIRE(bare.memory.spare() == spare);
  }
}

TEST_CASE("memory of settled slices is lent out again, and goes back in time when nobody asks for it") {
  Bare bare(2u << 20);
  std::vector<Slice*> slices;
  while (bare.window.has_room()) slices.push_back(&bare.add(64, 1000));
  for (Slice* slice : slices) bare.settle(*slice);
  bare.window.reclaim(false);
  CHECK(bare.memory.used() == 0);
  CHECK(bare.memory.spare() > 0);
  CHECK(bare.memory.spare() <= bare.memory.limit());
  for (int i = 0; i < 10; ++i) bare.memory.trim();
  CHECK(bare.memory.spare() == 0);
}

TEST_CASE("offers go in order, take up after what was taken, and begin anew after a rewind without what has settled") {
  Bare bare(8u << 20);
  Slice& first = bare.add(5);
  Slice& second = bare.add(3);
  REQUIRE(bare.window.offer().size() == 5);
  bare.window.taken(2);
  CHECK(bare.window.offer().front() == first.records()[2]);
  bare.window.taken(3);
  CHECK(bare.window.offer().front() == second.records()[0]);
  bare.window.taken(3);
  CHECK_FALSE(bare.window.has_offer());

  bare.window.settle(*first.records()[0]);
  bare.window.settle(*first.records()[3]);
  bare.window.settle(*second.records()[1]);
  bare.window.rewind();
  const std::vector<Record*> expected{first.records()[1], first.records()[2], first.records()[4], second.records()[0],
                                      second.records()[2]};
  CHECK(take_all(bare.window) == expected);
}

TEST_CASE("what has not passed the chain is not offered, nor anything behind it") {
  Bare bare(8u << 20);
  auto slice = bare.window.take_slice();
  slice->append(*slice->origins()->open(0, bytes_of("0"), 0));
  slice->origins()->close();
  Slice& waiting = bare.window.admit(std::move(slice), WindowEntry::Clock::now());
  bare.add(2);
  CHECK_FALSE(bare.window.has_offer());
  bare.window.ready(waiting);
  CHECK(take_all(bare.window).size() == 3);
}

TEST_CASE("failed records hold up what is behind them only when errors are not tolerated") {
  for (const bool past : {true, false}) {
    Bare bare(8u << 20, past);
    Slice& slice = bare.add(4);
    bare.add(2);
    slice.records()[1]->fail(WEIR_E_DATA, "bad");
    CHECK(take_all(bare.window).size() == (past ? 5 : 1));
    CHECK(bare.window.in_flight() == 6);
  }
}

TEST_CASE("the oldest age is that of the oldest record which no transform holds") {
  Bare bare(8u << 20);
  const auto now = WindowEntry::Clock::now();
  CHECK(bare.window.oldest_age(now) == WindowEntry::Clock::duration::zero());
  Slice& first = bare.add(1);
  first.records()[0]->fate = Fate::held;
  CHECK(bare.window.oldest_age(now + std::chrono::hours(1)) == WindowEntry::Clock::duration::zero());
  CHECK(bare.window.holds_back());
  bare.add(1);
  CHECK(bare.window.oldest_age(now + std::chrono::hours(1)) > std::chrono::minutes(59));
}

TEST_CASE("a lent slice counts as it was, and no position passes it") {
  Bare bare(6u << 20);
  Slice& first = bare.add(2);
  Slice& lent = bare.add(3);
  Slice& last = bare.add(2);
  bare.window.lend(lent);
  lent.clone(*lent.records()[0]);  // as another thread would
  lent.records()[1]->fate = Fate::filtered;
  CHECK(bare.window.in_flight() == 7);
  CHECK_FALSE(bare.window.holds_back());
  CHECK(bare.positions.waits_for(0));
  bare.settle(first);
  bare.settle(last);
  const auto moved = bare.positions.take_moved();
  REQUIRE(moved.size() == 1);
  CHECK(moved[0].second == "2");
  CHECK(bare.positions.take_moved().empty());
  CHECK(bare.window.in_flight() == 3);

  bare.window.take_back(lent);
  CHECK(bare.window.in_flight() == 3);  // a clone more, a dropped one less
  bare.settle(lent);
  CHECK(bare.positions.moved());
  const auto rest = bare.positions.take_moved();
  REQUIRE(rest.size() == 1);
  CHECK(rest[0].second == "7");
  bare.window.reclaim(false);
  CHECK(bare.window.empty());
}

TEST_CASE("the window keeps room for what lent slices may become") {
  Bare bare(4 * Slice::kBytes + Slice::kBytes / 2);
  Slice& one = bare.add(1);
  Slice& two = bare.add(1);
  CHECK(bare.window.has_room());
  bare.window.lend(one);
  bare.window.lend(two);
  CHECK(bare.window.has_room());
  Slice& three = bare.add(1);
  bare.window.lend(three);
  CHECK_FALSE(bare.window.has_room());
  bare.window.take_back(one);
  CHECK(bare.window.has_room());
}
