#include <atomic>
#include <catch2/catch.hpp>
#include <cstring>
#include <thread>
#include <weir/testing.hpp>

namespace {

using weir::testing::Setup;
using weir::testing::Source;

/// Counts from where it was up to ten.
struct Counter {
  static constexpr auto name = "counter";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Counts.";
  static constexpr bool resumable = true;
  explicit Counter(const weir::Context& config) : positions_(config) {}
  void start() { next_ = std::stoi(positions_.stored("count").value_or("0")); }
  weir::Poll poll(weir::Output& out) {
    for (; next_ < 10; ++next_) {
      const std::string text = std::to_string(next_ + 1);
      auto record = out.append(out.origin("count", text, static_cast<std::uint64_t>(next_) + 1));
      if (!record) return weir::Poll::more;
      char* memory = out.buffer(text.size());
      std::memcpy(memory, text.data(), text.size());
      out.set_view(*record, weir::Slot::value, {memory, text.size()});
    }
    return weir::Poll::end;
  }
  void settled(std::span<const weir_settled> origins) noexcept { settled_count += static_cast<int>(origins.size()); }
  void wake() noexcept { woken = true; }

  std::atomic<int> settled_count = 0;
  std::atomic<bool> woken = false;

 private:
  weir::Positions positions_;
  int next_ = 0;
};

TEST_CASE("a source is polled until it ends") {
  Source<Counter> counter;
  CHECK(counter.poll(4).size() == 4);
  CHECK_FALSE(counter.ended());
  const auto rest = counter.drain();
  REQUIRE(rest.size() == 6);
  CHECK(counter.ended());
  CHECK(rest[0].message.value == "5");
  CHECK(rest[0].position.partition == "count");
  CHECK(rest[5].position.offset == "10");
  CHECK(rest[5].position.token == 10);
}

TEST_CASE("a source goes on after its stored position") {
  Setup setup;
  setup.positions["count"] = "8";
  Source<Counter> counter("{}", setup);
  CHECK(counter.drain().size() == 2);
}

TEST_CASE("settled and wake reach the class from other threads") {
  Source<Counter> counter;
  counter.drain();
  std::thread other([&] {
    counter.settle(1);
    counter.wake();
  });
  other.join();
  CHECK(counter.object().settled_count == 1);
  CHECK(counter.object().woken);
}

/// Does what its setting says in the middle of a poll.
struct Troubled {
  static constexpr auto name = "troubled";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Fails.";
  static constexpr auto fields = weir::fields(weir::required("how", weir::Type::text, "How."));
  explicit Troubled(const weir::Context& config) : how(config.text("how")) {}
  weir::Poll poll(weir::Output& out) {
    auto record = out.append(out.origin_without_position(7));
    if (how == "unfinished") throw std::runtime_error("hush");
    if (how == "view") out.set_view(*record, weir::Slot::value, "outside");
    record->set_value("done");
    if (how == "retry") throw weir::RetryError("later");
    if (how == "bad") record->fail("too long");
    if (how == "huge" && out.buffer(std::size_t{1} << 40) != nullptr) throw weir::FatalError("no bound");
    return weir::Poll::more;
  }
  std::string how;
};

TEST_CASE("what poll throws keeps its meaning") {
  CHECK_THROWS_AS(Source<Troubled>(R"({"how": "retry"})").poll(), weir::RetryError);
  CHECK_THROWS_WITH(Source<Troubled>(R"({"how": "unfinished"})").poll(), "threw std::runtime_error");
  CHECK_THROWS_AS(Source<Troubled>(R"({"how": "view"})").poll(), weir::FatalError);
}

TEST_CASE("a record left unfinished by an exception does not pass for a tombstone") {
  Source<Troubled> troubled(R"({"how": "unfinished"})");
  CHECK_THROWS(troubled.poll());
  CHECK(troubled.last_polled().at(0).failure->reason == "the source threw before the record was complete");
  Source<Troubled> finished(R"({"how": "retry"})");
  CHECK_THROWS(finished.poll());
  CHECK_FALSE(finished.last_polled().at(0).failure);
}

TEST_CASE("a source fails its own record without payload") {
  Source<Troubled> troubled(R"({"how": "bad"})");
  const auto polled = troubled.poll();
  REQUIRE(polled.size() == 1);
  CHECK(polled[0].failure->reason == "too long");
  CHECK_FALSE(polled[0].position.partition);
  CHECK(polled[0].position.token == 7);
}

TEST_CASE("batch memory is bounded") { CHECK(Source<Troubled>(R"({"how": "huge"})").poll().size() == 1); }

TEST_CASE("a source without settled has none in its table") {
  CHECK(weir::detail::Kind<Troubled>::table.settled == nullptr);
  CHECK(weir::detail::Kind<Counter>::table.settled != nullptr);
  CHECK(weir::detail::Kind<Counter>::table.capabilities == WEIR_RESUMABLE);
}

}  // namespace
