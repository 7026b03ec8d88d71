#include <catch2/catch.hpp>
#include <functional>
#include <weir/testing.hpp>

namespace {

using weir::testing::Message;
using weir::testing::Transform;

struct Worker {
  static constexpr auto name = "worker";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Does what a test says.";
  static constexpr bool tombstones = true;
  explicit Worker(const weir::Context& config)
      : id(config.compile("id", weir::Use::read, weir::Slot::key)), n(config.compile("n", weir::Use::edit)) {}
  void apply(weir::Record& record) { work(record); }
  weir::Path id, n;
  std::function<void(weir::Record&)> work;
};

weir::testing::Outcome run(const Message& message, const std::function<void(Worker&, weir::Record&)>& work) {
  Transform<Worker> worker;
  worker.object().work = [&](weir::Record& record) { work(worker.object(), record); };
  return worker.run(message);
}

TEST_CASE("key and value are documents of their own") {
  run({.value = R"({"id":"value"})", .key = R"({"id":"key"})"},
      [](Worker& worker, weir::Record& record) { CHECK(record.key().text(worker.id) == "key"); });
}

TEST_CASE("bytes need no JSON and tell null from empty") {
  const auto outcome = run({.value = "\x01raw", .key = ""}, [](Worker&, weir::Record& record) {
    CHECK(record.value_bytes() == "\x01raw");
    CHECK(record.key_bytes() == "");
    record.set_value(std::nullopt);
    CHECK(record.is_tombstone());
    CHECK_FALSE(record.value_bytes());
    record.set_key("k");
  });
  CHECK_FALSE(outcome.only().value);
  CHECK(outcome.only().key == "k");
}

TEST_CASE("a document asked of null is a data error") {
  CHECK(run({}, [](Worker&, weir::Record& record) { (void)record.value(); }).reason() ==
        "null where JSON is asked for");
  CHECK(run({.value = ""}, [](Worker&, weir::Record& record) { (void)record.value(); }).reason() == "not JSON");
}

TEST_CASE("the envelope is read and written") {
  const weir::Timestamp time{std::chrono::milliseconds(1234)};
  const auto outcome = run({.value = "1", .timestamp = time}, [&](Worker&, weir::Record& record) {
    CHECK_FALSE(record.topic());
    CHECK_FALSE(record.partition());
    CHECK(record.timestamp() == time);
    record.set_topic("other");
    record.set_partition(3);
    record.set_timestamp(std::nullopt);
    CHECK(record.topic() == "other");
  });
  CHECK(outcome.only().topic == "other");
  CHECK(outcome.only().partition == 3);
  CHECK_FALSE(outcome.only().timestamp);
}

TEST_CASE("headers repeat, hold null, and are found from the last") {
  const auto outcome =
      run({.value = "1", .headers = {{"a", "1"}, {"b", std::nullopt}, {"a", "2"}}}, [](Worker&, weir::Record& record) {
        weir::Headers headers = record.headers();
        CHECK(headers.count() == 3);
        CHECK(headers.find("a")->value == "2");
        CHECK_FALSE(headers.find("b")->value);
        CHECK_FALSE(headers.find("c"));
        std::string names;
        for (const weir::Header header : headers) names += header.name;
        CHECK(names == "aba");
        headers.add("c", "");
        CHECK(headers.remove("a") == 2);
      });
  REQUIRE(outcome.only().headers.size() == 2);
  CHECK(outcome.only().headers[1].first == "c");
  CHECK(outcome.only().headers[1].second == "");
}

TEST_CASE("a header name of the host's own fails the record") {
  CHECK(run({.value = "1"}, [](Worker&, weir::Record& record) {
          record.headers().add("__weir.errors.code", "x");
        }).failed());
}

TEST_CASE("a record is dropped, failed or cloned") {
  CHECK(run({.value = "1"}, [](Worker&, weir::Record& record) { record.drop(); }).filtered());
  const auto failed =
      run({.value = "1"}, [](Worker& worker, weir::Record& record) { record.fail("not today", worker.n); });
  CHECK(failed.reason() == "not today");
  CHECK(failed.failures[0].at == "n");
  const auto cloned = run({.value = R"({"n":0})"}, [](Worker& worker, weir::Record& record) {
    for (int i = 1; i <= 2; ++i) record.clone().value().set(worker.n, i);
  });
  REQUIRE(cloned.records.size() == 3);
  CHECK(cloned.records[0].value == R"({"n":0})");
  CHECK(cloned.records[1].value == R"({"n":1})");
  CHECK(cloned.records[2].value == R"({"n":2})");
}

}  // namespace
