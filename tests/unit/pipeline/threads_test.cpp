#include <catch2/catch.hpp>

#include <algorithm>
#include <condition_variable>
#include <random>
#include <thread>

#include "rig.h"

using namespace weir::host;
using fake::numbered;
using fake::quick_settings;
using fake::Rig;

namespace {

/// A sink with a thread of its own that acknowledges what was put in random order, and from time to time gives everything back.
class ThreadedSink final : public Sink {
 public:
  explicit ThreadedSink(std::uint64_t seed) : random_(seed) {}
  ~ThreadedSink() override { stop(); }

  Status start() override {
    const std::lock_guard lock(mutex_);
    refusing_ = stopping_ = false;
    thread_ = std::thread([this] { run(); });
    return {};
  }
  Status put(std::span<Record* const> records, std::size_t& taken) override {
    const std::lock_guard lock(mutex_);
    if (refusing_) return {};
    taken = std::min(records.size(), kCapacity - std::min(kCapacity, held_.size()));
    held_.insert(held_.end(), records.begin(), records.begin() + static_cast<std::ptrdiff_t>(taken));
    changed_.notify_all();
    return {};
  }
  Status service(Milliseconds) override { return {}; }
  Status flush(Milliseconds timeout) override {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [this] { return held_.empty() && !busy_; }) ? Status()
                                                                                        : Status::retry("not yet");
  }
  void stop() noexcept override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
    acknowledge(std::exchange(held_, {}), WEIR_E_RETRY);
  }

  std::vector<std::string> delivered;  // read after the run
  int give_backs = 0;

 private:
  static constexpr std::size_t kCapacity = 40;

  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return stopping_ || !held_.empty(); });
      if (stopping_) return;
      const bool gives_back = ++batches_ % 25 == 0;
      refusing_ = refusing_ || gives_back;
      std::vector<Record*> batch;
      if (gives_back) {
        batch = std::exchange(held_, {});
        ++give_backs;
      } else {
        for (std::size_t count = 1 + random_() % held_.size(); count > 0; --count) {
          const auto index = static_cast<std::ptrdiff_t>(random_() % held_.size());
          batch.push_back(held_[static_cast<std::size_t>(index)]);
          held_.erase(held_.begin() + index);
        }
        for (const Record* record : batch) delivered.push_back(fake::value_of(*record));
      }
      busy_ = true;
      lock.unlock();
      acknowledge(batch, gives_back ? WEIR_E_RETRY : WEIR_OK);
      lock.lock();
      busy_ = false;
      changed_.notify_all();
    }
  }

  static void acknowledge(const std::vector<Record*>& records, weir_status status) {
    if (!records.empty()) records[0]->slice->home().acks->ack(records, status, "");
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937_64 random_;
  std::vector<Record*> held_;
  std::thread thread_;
  int batches_ = 0;
  bool stopping_ = false;
  bool refusing_ = false;
  bool busy_ = false;
};

}  // namespace

TEST_CASE(
    "acknowledgements of another thread, in random order and with give-backs: every record once, and the books "
    "balance") {
  constexpr std::size_t kCount = 3000;
  const std::uint64_t seed = std::random_device()();
  INFO("seed " << seed);
  auto settings = quick_settings();
  settings.retry_delay_max = Milliseconds(1);
  settings.retry_timeout = std::chrono::minutes(1);
  Rig rig(settings, numbered(kCount));
  rig.source.per_poll = 16;
  auto sink = std::make_unique<ThreadedSink>(seed);
  ThreadedSink& made = *sink;
  rig.replace_sink(std::move(sink));
  const Outcome outcome = rig.run();
  CHECK(outcome.state == RunState::finished);
  CHECK(outcome.error.empty());
  CHECK(made.give_backs > 0);
  std::vector<bool> seen(kCount);
  for (const std::string& value : made.delivered) seen[std::stoul(value)] = true;
  CHECK(std::count(seen.begin(), seen.end(), false) == 0);
  CHECK(made.delivered.size() == kCount);
  CHECK(rig.ledger().delivered == kCount);
  CHECK(rig.ledger().balanced());
  CHECK(rig.position() == std::to_string(kCount));
}

TEST_CASE("memory stays within its bound under a stalled sink and large records, and nothing is lost") {
  auto settings = quick_settings();
  settings.memory = 8u << 20;
  std::vector<fake::Event> events;
  for (int i = 0; i < 200; ++i) events.push_back({.value = std::string(i % 3 == 0 ? 1u << 20 : 1000, 'x')});
  Rig rig(settings, events);
  rig.source.per_poll = 1;
  rig.sink.acks_at_once = false;
  std::size_t most = 0;
  std::size_t last = 0;
  int stalled = 0;
  const auto used = [&] { return rig.sink.held.empty() ? 0 : rig.sink.held[0]->slice->home().memory->used(); };
  rig.sink.on_service = [&](fake::Sink& sink) {
    most = std::max(most, used());
    stalled = rig.source.next == last ? stalled + 1 : 0;
    last = rig.source.next;
    if (stalled == 3) sink.ack_all();  // the task polls no more
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered.size() == 200);
  CHECK(most > (4u << 20));
  CHECK(most <= (8u << 20) + (8u << 20) / 4);  // one record more than fits, at most a quarter (design 3.5)
}

TEST_CASE("what a client library keeps of each record counts against the memory") {
  constexpr std::size_t kOfOne = 300;  // librdkafka
  auto settings = quick_settings();
  settings.memory = 4u << 20;
  Rig rig(settings, numbered(20'000));
  rig.source.per_poll = 64;
  rig.sink.acks_at_once = false;
  rig.sink.capacity = SIZE_MAX;
  std::size_t most = 0;
  int served = 0;
  rig.sink.on_service = [&](fake::Sink& sink) {
    if (sink.held.empty()) return;
    most = std::max(most, sink.held[0]->slice->home().memory->used() + sink.held.size() * kOfOne);
    if (++served % 500 == 0) sink.ack_all();
  };
  CHECK(rig.run().state == RunState::finished);
  CHECK(rig.sink.delivered.size() == 20'000);
  CHECK(most > (3u << 20));
  CHECK(most <= (4u << 20));
}

TEST_CASE("a partition is drained and stored before its source lets go of it, and what comes late moves nothing") {
  for (const bool drains : {true, false}) {
    Rig rig(quick_settings(), numbered(8));
    rig.sink.acks_at_once = false;
    Status revoked;
    rig.sink.on_service = [&](fake::Sink& sink) {
      if (drains || revoked.code() == WEIR_E_RETRY) sink.ack_all();
    };
    rig.source.with_positions = [&](Positions& positions) {
      if (rig.source.next != 4) return;
      const std::uint32_t before = positions.partition("p");
      revoked = positions.revoke("p", Milliseconds(20));
      CHECK(positions.partition("p") != before);
      CHECK(positions.stored("p") == (drains ? std::optional<std::string>("4") : std::nullopt));
      rig.source.events.resize(4);  // the partition is another's now
    };
    CHECK(rig.run().state == RunState::finished);
    CHECK(revoked.ok() == drains);
    CHECK(rig.position() == (drains ? "4" : ""));
    CHECK(rig.ledger().delivered == 4);
    CHECK(rig.ledger().balanced());
  }
}
