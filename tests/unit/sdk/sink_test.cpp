#include <catch2/catch.hpp>
#include <thread>
#include <weir/testing.hpp>

namespace {

using weir::testing::Message;
using weir::testing::Sink;

/// Takes three at most and acknowledges on another thread, when it is flushed.
struct Slow {
  static constexpr auto name = "slow";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Acknowledges late.";
  static constexpr bool durable = true;
  static constexpr bool exclusive = true;
  explicit Slow(const weir::Context& config)
      : acks(config), is_dead_letter(config.is_dead_letter()), topics(config.declared_topics()) {}
  std::size_t put(weir::Batch& batch) {
    std::size_t taken = 0;
    for (const weir::Delivery record : batch.deliveries()) {
      if (held.size() == 3) break;
      held.push_back(record);
      ++taken;
    }
    return taken;
  }
  void service(std::chrono::milliseconds) { acknowledge(); }
  bool flush(std::chrono::milliseconds timeout) {
    if (timeout.count() == 0) return held.empty();
    acknowledge();
    return true;
  }
  void stop() {
    if (!held.empty()) acks.give_back(held, "stopped");
    held.clear();
  }
  void acknowledge() {
    if (held.empty()) return;
    std::thread([this] {
      acks.refuse(held.front(), "the first is bad");
      acks.ok(std::span(held).subspan(1));
    }).join();
    held.clear();
  }
  weir::Acks acks;
  std::vector<weir::Delivery> held;
  bool is_dead_letter;
  std::vector<std::string> topics;
};

std::vector<Message> some(int count) {
  std::vector<Message> all;
  for (int i = 0; i < count; ++i) all.push_back({.value = std::to_string(i)});
  return all;
}

TEST_CASE("a sink says how many it took") {
  Sink<Slow> slow;
  CHECK(slow.put(some(5)) == 3);
  CHECK(slow.put("x") == 0);
  CHECK(slow.acks().empty());
}

TEST_CASE("acknowledgements come from any thread with status and reason") {
  Sink<Slow> slow;
  slow.put(some(2));
  CHECK_FALSE(slow.flush(0));
  CHECK(slow.flush());
  const auto acks = slow.acks();
  REQUIRE(acks.size() == 2);
  CHECK(acks[0].status == WEIR_E_DATA);
  CHECK(acks[0].reason == "the first is bad");
  CHECK(acks[1].record == 1);
  CHECK(acks[1].status == WEIR_OK);
}

TEST_CASE("a stopped sink gives back what it holds") {
  Sink<Slow> slow;
  slow.put(some(2));
  slow.stop();
  REQUIRE(slow.acks().size() == 2);
  CHECK(slow.acks()[1].status == WEIR_E_RETRY);
  CHECK(slow.acks()[1].reason == "stopped");
}

TEST_CASE("a sink serves the timers in between") {
  Sink<Slow> slow;
  slow.put(some(1));
  slow.service();
  CHECK(slow.acks().size() == 1);
}

TEST_CASE("a sink knows whether it takes dead letters") {
  weir::testing::Setup setup;
  setup.dead_letter = true;
  setup.topics = {"a", "b"};
  CHECK(Sink<Slow>("{}", setup).object().is_dead_letter);
  CHECK(Sink<Slow>("{}", setup).object().topics == setup.topics);
  CHECK(Sink<Slow>().object().topics.empty());
  CHECK_FALSE(Sink<Slow>().object().is_dead_letter);
  CHECK(weir::detail::Kind<Slow>::table.capabilities == (WEIR_DURABLE | WEIR_EXCLUSIVE));
}

/// Refuses what has no text under "id".
struct Picky {
  static constexpr auto name = "picky";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Refuses in put.";
  static constexpr auto fields = weir::fields(weir::required("id", weir::Type::path, "Where."));
  static constexpr bool reads_document = true;
  explicit Picky(const weir::Context& config) : acks(config), id(config.path("id")) {}
  std::size_t put(weir::Batch& batch) {
    batch.each([this](weir::Record& record) {
      if (!record.value().text(id)) return record.fail("no text", id);
      acks.ok(record.handle());
    });
    return batch.size();
  }
  weir::Acks acks;
  weir::Path id;
};

TEST_CASE("a sink refuses a record in put with its reason and path, and that is its acknowledgement") {
  Sink<Picky> picky(R"({"id": "user.id"})");
  CHECK(picky.put({{.value = R"({"user":{"id":"a"}})"}, {.value = R"({"user":{"id":1}})"}, {.value = "no JSON"}}) == 3);
  const auto acks = picky.acks();
  REQUIRE(acks.size() == 3);
  CHECK(acks[0].status == WEIR_OK);
  CHECK(acks[1].status == WEIR_E_DATA);
  CHECK(acks[1].record == 1);
  CHECK(acks[1].reason == "no text");
  CHECK(acks[1].at == "user.id");
  CHECK(acks[2].status == WEIR_E_DATA);
  CHECK(acks[2].at.empty());
}

struct Broken {
  static constexpr auto name = "broken";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Throws.";
  std::size_t put(weir::Batch&) { throw weir::FatalError("disk full"); }
};

TEST_CASE("a sink that throws has taken nothing and stops the task") {
  Sink<Broken> broken;
  CHECK_THROWS_WITH(broken.put("x"), "disk full");
  CHECK(broken.flush());
  CHECK(weir::detail::Kind<Broken>::table.service == nullptr);
}

}  // namespace
