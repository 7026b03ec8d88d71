#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "memory_files.h"
#include "rig.h"
#include "spool/gather.h"
#include "store_rig.h"

namespace weir::host::spool::test {
namespace {

/// A spool on a disk in memory, whose clock stands still unless it is moved.
struct MemoryRig {
  explicit MemoryRig(MemoryFiles& files, const std::function<void(Options&)>& change = {}) {
    Options options;
    options.folder = "/spool";
    if (change) change(options);
    spool = std::make_shared<Spool>(
        options, files, [this] { return now_ms.load(); }, Log());
    sink = make_sink(spool);
    source = make_source(spool, positions);
  }
  void start() {
    REQUIRE(sink->start().ok());
    REQUIRE(source->start().ok());
  }
  ~MemoryRig() {
    sink->stop();
    source->stop();
  }
  std::atomic<std::int64_t> now_ms{1'700'000'000'000};
  MemoryPositions positions;
  std::shared_ptr<Spool> spool;
  std::unique_ptr<Sink> sink;
  std::unique_ptr<Source> source;
};

std::vector<Record*> numbered(Records& records, int first, int end, std::size_t padding = 0) {
  std::vector<Record*> all;
  for (int i = first; i < end; ++i) all.push_back(records.make(std::to_string(i) + ":" + std::string(padding, 'x')));
  return all;
}

std::vector<int> numbers_of(const std::vector<Taken>& taken) {
  std::vector<int> all;
  for (const Taken& each : taken) all.push_back(std::stoi(each.value));
  return all;
}

template <typename Holds>
void wait_until(Holds holds) {
  for (int i = 0; i < 4000 && !holds(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  REQUIRE(holds());
}

}  // namespace

TEST_CASE("nothing is acknowledged before it is durable") {
  MemoryFiles files(1);
  CountingAcks acks;
  Records records(acks);
  std::vector<int> values;
  {
    MemoryRig rig(files);
    rig.start();
    put_all(*rig.sink, numbered(records, 0, 500));
    REQUIRE(acks.wait_for(500));
    files.crash();  // at once after the last acknowledgement
    MemoryRig after(files);
    after.start();
    values = numbers_of(drain(*after.source));
  }
  CHECK(values == numbers(0, 500));
}

TEST_CASE("a full spool takes nothing, alarms, and goes on when what was delivered has gone") {
  MemoryFiles files(1);
  CountingAcks acks;
  Records records(acks);
  MemoryRig rig(files, [](Options& options) {
    options.max_bytes = 100'000;
    options.segment_bytes = 10'000;
    options.write_memory = 40'000;
  });
  rig.start();
  const unsigned long alarms = alarm_count("spool_full");
  std::vector<Record*> all;
  std::mt19937 random(7);
  for (int i = 0; i < 400; ++i) {
    std::string value = std::to_string(i) + ":";
    for (int k = 0; k < 1000; ++k) value.push_back(static_cast<char>(random()));
    all.push_back(records.make(value));
  }
  std::span<Record* const> left = all;
  const auto put_some = [&] {
    std::size_t taken = 0;
    REQUIRE(rig.sink->put(left, taken).ok());
    left = left.subspan(taken);
  };
  wait_until([&] {
    put_some();
    return rig.spool->figures().full;
  });
  CHECK(left.size() > 250);
  CHECK(rig.spool->figures().bytes <= 100'000);
  CHECK(alarm_count("spool_full") > alarms);
  CHECK(alarm_count("spool_filling") > 0);
  CHECK(rig.sink->flush(Milliseconds(0)).code() == WEIR_E_RETRY);
  std::vector<int> values;
  wait_until([&] {
    const auto taken = drain(*rig.source, Milliseconds(1));
    for (const int value : numbers_of(taken)) values.push_back(value);
    if (!taken.empty()) rig.positions.store(taken.back().offset);
    put_some();
    CHECK(rig.spool->figures().bytes <= 100'000);
    return values.size() == all.size();
  });
  CHECK(values == numbers(0, 400));
  CHECK_FALSE(rig.spool->figures().full);
  require_balance(rig.spool->figures());
}

TEST_CASE("producers that go on share a sync, one that waits is not kept waiting for them") {
  MemoryFiles files(1);
  CountingAcks acks;
  Records records(acks);
  Gather gather(8'000'000, false, [] { return 0; });
  Gather::Owner busy;
  Gather::Owner waiting;
  std::size_t taken = 0;
  const auto soon = [] { return Gather::Clock::now() + std::chrono::seconds(60); };
  const auto count_of = [](std::span<const PackedBlock> group) {
    std::size_t count = 0;
    for (const PackedBlock& block : group) count += block.count;
    return count;
  };
  SECTION("what nobody waits for is taken all the same") {
    REQUIRE(gather.put(busy, numbered(records, 0, 1), taken).ok());
    CHECK(count_of(gather.take_group(soon())) == 1);
    gather.group_is_durable();
    CHECK(acks.wait_for(1));
  }
  SECTION("one that waits") {
    REQUIRE(gather.put(waiting, numbered(records, 0, 1), taken).ok());
    std::thread waits([&] { CHECK(gather.flush(waiting, std::chrono::seconds(60)).ok()); });
    CHECK(count_of(gather.take_group(soon())) == 1);
    gather.group_is_durable();
    waits.join();
  }
  SECTION("enough for a group") {
    const std::vector<Record*> all = numbered(records, 0, 1100, 1000);
    REQUIRE(gather.put(busy, all, taken).ok());
    CHECK(taken == all.size());
    CHECK(count_of(gather.take_group(soon())) > 1000);
    gather.keep_group();
  }
  SECTION("what is given back while a group gathers is in none") {
    REQUIRE(gather.put(busy, numbered(records, 0, 1), taken).ok());
    gather.give_back(busy);
    CHECK(gather.take_group(Gather::Clock::now()).empty());
    REQUIRE(gather.put(busy, numbered(records, 1, 3), taken).ok());
    CHECK(count_of(gather.take_group(soon())) == 2);
    gather.group_is_durable();
  }
  gather.give_back(busy);
}

TEST_CASE("a full disk is waited for") {
  MemoryFiles files(1);
  CountingAcks acks;
  Records records(acks);
  MemoryRig rig(files);
  rig.start();
  put_all(*rig.sink, numbered(records, 0, 10));
  REQUIRE(acks.wait_for(10));
  files.set_capacity(0);
  put_all(*rig.sink, numbered(records, 10, 20));
  wait_until([&] { return rig.spool->figures().full; });
  std::size_t taken = 1;
  REQUIRE(rig.sink->put(numbered(records, 20, 21), taken).ok());
  CHECK(taken == 0);
  CHECK(acks.ok() == 10);
  files.set_capacity(~std::uint64_t{0});
  REQUIRE(acks.wait_for(20));
  CHECK(numbers_of(drain(*rig.source)) == numbers(0, 20));
}

TEST_CASE("a sync that fails costs nothing: its records go to another segment") {
  MemoryFiles files(3);
  CountingAcks acks;
  Records records(acks);
  const unsigned long poisoned = alarm_count("spool_segment_poisoned");
  {
    MemoryRig rig(files);
    rig.start();
    for (int i = 0; i < 100; ++i) {
      if (i % 5 == 0) files.fail_syncs(1);
      put_all(*rig.sink, numbered(records, i, i + 1));
      REQUIRE(acks.wait_for(static_cast<std::size_t>(i) + 1));
    }
    files.crash();  // what the failing syncs threw away is gone for good
  }
  CHECK(alarm_count("spool_segment_poisoned") == poisoned + 19);  // the first one hit a segment that was being made
  MemoryRig after(files);
  after.start();
  CHECK(numbers_of(drain(*after.source)) == numbers(0, 100));
  CHECK(after.spool->figures().damaged == 0);
}

TEST_CASE("a disk that refuses twice ends it: what is not acknowledged is given back") {
  MemoryFiles files(1);
  CountingAcks acks;
  Records records(acks);
  MemoryRig rig(files);
  rig.start();
  put_all(*rig.sink, numbered(records, 0, 10));
  REQUIRE(acks.wait_for(10));
  files.set_faults({0, 0, 1000, 0, 0, 0, 0});
  put_all(*rig.sink, numbered(records, 10, 20));
  wait_until([&] { return rig.sink->service(Milliseconds(1)).code() == WEIR_E_FATAL; });
  std::size_t taken = 1;
  const Status status = rig.sink->put(numbered(records, 20, 21), taken);
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK_THAT(status.message(), Catch::Contains("/spool"));
  CHECK(taken == 0);
  CHECK(rig.sink->flush(Milliseconds(0)).code() == WEIR_E_FATAL);
  rig.sink->stop();
  CHECK(acks.ok() == 10);
  CHECK(acks.given_back() == 10);
}

TEST_CASE("a sink that stops gives back its own and leaves what others put") {
  const auto now = [] { return std::int64_t{5}; };
  Gather gather(1u << 20, false, now);
  CountingAcks mine;
  CountingAcks other;
  Records my_records(mine);
  Records other_records(other);
  Gather::Owner me;
  Gather::Owner them;
  for (int i = 0; i < 100; ++i) {
    std::size_t taken = 0;
    REQUIRE(gather.put(i % 3 == 0 ? me : them, numbered(i % 3 == 0 ? my_records : other_records, i, i + 1, 5000), taken)
                .ok());
    REQUIRE(taken == 1);
  }
  gather.give_back(me);
  CHECK(mine.given_back() == 34);
  CHECK(gather.flush(me, Milliseconds(0)).ok());
  std::uint64_t left = 0;
  while (left < 66) {
    for (const PackedBlock& block : gather.take_group(Gather::Clock::now())) left += block.count;
    gather.group_is_durable();
  }
  CHECK(left == 66);
  CHECK(other.ok() == 66);
  CHECK(mine.ok() == 0);
  CHECK(gather.flush(them, Milliseconds(0)).ok());
}

TEST_CASE("blocks stay small, a record that is larger has its own") {
  const auto now = [] { return std::int64_t{5}; };
  Gather gather(8u << 20, false, now);
  CountingAcks acks;
  Records records(acks);
  Gather::Owner me;
  const std::size_t sizes[] = {100'000, 100'000, 100'000, 600'000, 10, kBlockBytes};
  for (const std::size_t size : sizes) {
    std::size_t taken = 0;
    REQUIRE(gather.put(me, numbered(records, 0, 1, size), taken).ok());
    REQUIRE(taken == 1);
  }
  std::vector<std::uint32_t> counts;
  std::uint64_t count = 0;
  while (count < std::size(sizes)) {
    for (const PackedBlock& block : gather.take_group(Gather::Clock::now())) {
      CHECK((block.count == 1 || block.raw <= kBlockBytes));
      counts.push_back(block.count);
      count += block.count;
    }
    gather.group_is_durable();
  }
  CHECK(counts == std::vector<std::uint32_t>{2, 1, 1, 1, 1});
  CHECK(acks.ok() == std::size(sizes));
}

TEST_CASE("many producers and a reader share a spool on a disk that fails now and then") {
  constexpr int kProducers = 6;
  constexpr int kEach = 400;
  MemoryFiles files(11);
  MemoryRig rig(files, [](Options& options) {
    options.segment_bytes = 20'000;
    options.write_memory = 30'000;
  });
  rig.start();
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  std::atomic<int> finished{0};
  for (int producer = 0; producer < kProducers; ++producer) {
    threads.emplace_back([&, producer] {
      CountingAcks acks;
      Records records(acks);
      const auto sink = make_sink(rig.spool);
      const bool started = sink->start().ok();
      for (int i = 0; started && i < kEach; ++i) {
        Record* const record = records.make(std::to_string(producer) + "/" + std::to_string(i), "key");
        for (std::size_t taken = 0; taken == 0;) {
          Record* const one[] = {record};
          if (!sink->put(one, taken).ok()) return;
          if (taken == 0) static_cast<void>(sink->service(Milliseconds(5)));
        }
      }
      const bool flushed = sink->flush(Milliseconds(60'000)).ok();
      sink->stop();
      if (flushed && acks.ok() == kEach) ++finished;
    });
  }
  std::thread trouble([&] {
    for (int i = 0; !done; ++i) {
      files.set_capacity(i % 3 == 0 ? 0 : ~std::uint64_t{0});
      files.set_faults({0, i % 4 == 0 ? 300 : 0, 0, 0, 0, 0, i % 2 == 0 ? 20 : 0});
      static_cast<void>(rig.spool->figures());
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
    files.set_capacity(~std::uint64_t{0});
    files.set_faults({});
  });
  std::vector<int> next(kProducers, 0);
  int given = 0;
  CountingAcks acks;
  MemoryMeter memory{1u << 30};
  const SliceHome home{&memory, &acks, nullptr};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(100);
  bool in_order = true;
  while (given < kProducers * kEach && std::chrono::steady_clock::now() < deadline) {
    Slice slice(home);
    PollLimits limits;
    limits.timeout = Milliseconds(20);
    const Status status = rig.source->poll(slice, limits);
    if (!status.ok() && status.code() != WEIR_E_RETRY) break;
    for (const Record* record : slice.records()) {
      const std::string value(view(record->value()));
      const auto producer = static_cast<std::size_t>(std::stoi(value));
      in_order = in_order && std::stoi(value.substr(value.find('/') + 1)) == next[producer]++;
      ++given;
    }
    if (!slice.records().empty())
      rig.positions.store(std::string(slice.origins()->offset_of(*slice.records().back()->origin)));
  }
  done = true;
  trouble.join();
  for (std::thread& thread : threads) thread.join();
  CHECK(in_order);
  CHECK(given == kProducers * kEach);
  CHECK(finished == kProducers);
  require_balance(rig.spool->figures());
}

TEST_CASE("a source that starts again while the spool is open goes on behind what has settled") {
  MemoryFiles files(1);
  CountingAcks acks;
  Records records(acks);
  MemoryRig rig(files);
  rig.start();
  put_all(*rig.sink, numbered(records, 0, 100));
  REQUIRE(acks.wait_for(100));
  const auto taken = drain(*rig.source, Milliseconds(1));
  REQUIRE(numbers_of(taken) == numbers(0, 100));
  rig.positions.store(taken[39].offset);
  rig.source->stop();
  REQUIRE(rig.source->start().ok());
  CHECK(rig.spool->figures().records == 60);
  require_balance(rig.spool->figures());
  CHECK(numbers_of(drain(*rig.source, Milliseconds(1))) == numbers(40, 100));
  require_balance(rig.spool->figures());
}

TEST_CASE("a disk that fills up is told of before it is full") {
  MemoryFiles files(1);
  StoreRig rig(files);
  files.set_capacity(60'000);
  REQUIRE(rig.open().ok());
  const unsigned long before = alarm_count("spool_filling");
  REQUIRE(rig.append({1}).ok());
  CHECK(alarm_count("spool_filling") == before);
  for (int i = 0; i < 40 && alarm_count("spool_filling") == before; ++i) {
    rig.store().tend(rig.now_ms);
    REQUIRE(rig.append(std::vector<std::size_t>(10, 1)).ok());
  }
  CHECK(alarm_count("spool_filling") > before);
}

TEST_CASE("a poll that waits returns with the first record, when it is woken, and when the input has ended") {
  MemoryFiles files(1);
  CountingAcks acks;
  Records records(acks);
  MemoryRig rig(files);
  rig.start();
  PollLimits limits;
  limits.timeout = Milliseconds(100'000);
  const auto later = [](std::function<void()> what) {
    return std::thread([what] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      what();
    });
  };
  Slice first(records.home());
  std::thread thread = later([&] { rig.source->wake(); });
  CHECK(rig.source->poll(first, limits).code() == WEIR_OK);
  CHECK(first.records().empty());
  thread.join();
  const auto one = numbered(records, 0, 1);
  std::size_t taken = 0;
  thread = later([&] { static_cast<void>(rig.sink->put(one, taken)); });
  CHECK(rig.source->poll(first, limits).code() == WEIR_OK);
  CHECK(first.records().size() == 1);
  thread.join();
  Slice second(records.home());
  thread = later([&] { rig.spool->end_input(); });
  CHECK(rig.source->poll(second, limits).code() == WEIR_END);
  thread.join();
}

}  // namespace weir::host::spool::test
