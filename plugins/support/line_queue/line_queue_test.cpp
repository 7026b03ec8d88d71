#include "line_queue/line_queue.h"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using testing::Message;

/// A sink that writes nothing by itself: the test says how much is out.
struct Queued {
  static constexpr auto name = "queued";
  static constexpr auto version = "1";
  static constexpr auto summary = "Queues lines.";
  static constexpr auto fields = weir::fields(weir::optional("format", weir::choices("value", "envelope"), "Format."));

  explicit Queued(const Context& config) : lines(line_format(config, LineFormat::value), Acks(config)) {}
  std::size_t put(Batch& batch) {
    for (const Record& record : batch) lines.add(record);
    return batch.size();
  }
  LineQueue lines;
};

using Runner = testing::Sink<Queued>;

TEST_CASE("a record is acknowledged when the last byte of its line is out") {
  Runner sink;
  sink.put({Message{.value = "abc"}, Message{.value = "d"}});
  LineQueue& lines = sink.object().lines;
  CHECK(lines.unsent() == "abc\nd\n");
  CHECK(lines.sent(3) == 0);
  CHECK(sink.acks().empty());
  CHECK(lines.unfinished() == 3);
  CHECK(lines.rest_of_line() == "\n");
  CHECK(lines.sent(1) == 1);
  CHECK(sink.acks().size() == 1);
  CHECK(lines.unfinished() == 0);
  CHECK(lines.rest_of_line().empty());
  CHECK(lines.unsent() == "d\n");
  CHECK(lines.sent(2) == 1);
  CHECK(lines.pending() == 0);
  CHECK(lines.unsent().empty());
}

TEST_CASE("what cannot be a line is refused in its turn") {
  Runner sink;
  sink.put({Message{.value = "a"}, Message{}, Message{.value = "b\nc"}, Message{.value = "d"}});
  LineQueue& lines = sink.object().lines;
  CHECK(lines.unsent() == "a\nd\n");
  CHECK(sink.acks().empty());
  CHECK(lines.sent(2) == 3);
  const auto acks = sink.acks();
  REQUIRE(acks.size() == 3);
  std::vector<weir_status> status(3);
  for (const testing::Ack& ack : acks) status.at(ack.record) = ack.status;
  CHECK(status == std::vector<weir_status>{WEIR_OK, WEIR_E_DATA, WEIR_E_DATA});
}

TEST_CASE("an envelope can show a null value and a line break") {
  Runner sink(R"({"format":"envelope"})");
  sink.put({Message{.key = "k"}, Message{.value = "b\nc"}});
  CHECK(sink.object().lines.unsent() == "{\"key\":\"k\"}\n{\"value\":\"b\\nc\"}\n");
}

TEST_CASE("what is given back is not acknowledged otherwise") {
  Runner sink;
  sink.put({Message{.value = "a"}, Message{.value = "b"}, Message{.value = "c"}});
  LineQueue& lines = sink.object().lines;
  lines.sent(3);
  lines.give_back("closed");
  const auto acks = sink.acks();
  REQUIRE(acks.size() == 3);
  CHECK(acks[0].status == WEIR_OK);
  CHECK(acks[1].status == WEIR_E_RETRY);
  CHECK(acks[2].status == WEIR_E_RETRY);
  CHECK(lines.pending() == 0);
}

TEST_CASE("what is forgotten was not taken") {
  Runner sink;
  sink.put({Message{.value = "a"}, Message{.value = "b"}});
  LineQueue& lines = sink.object().lines;
  lines.sent(2);
  lines.forget();
  CHECK(sink.acks().size() == 1);
  CHECK(lines.unsent().empty());
}

TEST_CASE("a queue that is never empty does not grow") {
  Runner sink;
  LineQueue& lines = sink.object().lines;
  const std::string value(99'999, 'x');
  sink.put(value);
  sink.put(value);
  for (std::size_t round = 0; round < 100; ++round) {
    sink.put(value);
    REQUIRE(lines.sent(100'000) == 1);
    REQUIRE(lines.pending() == 2);
    REQUIRE(lines.unsent().size() == 200'000);
    REQUIRE(lines.unfinished() == 0);
  }
  CHECK(sink.acks().size() == 100);
}

}  // namespace
}  // namespace weir::plugins
