#include "envelope/envelope.h"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using testing::Message;

/// Only a host makes records, so the envelopes are made in a sink.
struct Keep {
  static constexpr auto name = "keep";
  static constexpr auto version = "1";
  static constexpr auto summary = "Keeps envelopes.";
  std::string text;
  std::size_t put(Batch& batch) {
    for (const Record& record : batch) append_envelope(text, record);
    return batch.size();
  }
};

std::string envelope(const Message& message) {
  testing::Sink<Keep> sink;
  sink.put({message});
  return sink.object().text;
}

TEST_CASE("members come in a fixed order, absent ones are left out") {
  CHECK(envelope({.value = R"({"a":"é"})"}) == R"({"value":"{\"a\":\"é\"}"})");
  CHECK(envelope({.value = "v",
                  .key = "k",
                  .topic = "t",
                  .headers = {{"h", "1"}, {"h", std::nullopt}},
                  .timestamp = Timestamp(std::chrono::milliseconds(17))}) ==
        R"({"topic":"t","key":"k","value":"v","headers":[["h","1"],["h",null]],"timestamp_ms":17})");
  CHECK(envelope({.value = "", .key = ""}) == R"({"key":"","value":""})");
  CHECK(envelope({.key = "k"}) == R"({"key":"k"})");
  CHECK(envelope({}) == "{}");
}

TEST_CASE("an envelope is one line") { CHECK(envelope({.value = "a\nb\r"}) == R"({"value":"a\nb\r"})"); }

TEST_CASE("bytes that are not UTF-8 go as base64") {
  CHECK(envelope({.value = "{\"a\":\"\xFF\"}", .key = "\x80", .headers = {{"h", "\xC0"}}}) ==
        R"({"key_base64":"gA==","value_base64":"eyJhIjoi/yJ9","headers":[["h",{"base64":"wA=="}]]})");
}

TEST_CASE("what the host says of a dead letter becomes error, position and clone") {
  CHECK(
      envelope({.value = "v",
                .headers = {{"mine", "x"},
                            {"__weir.errors.pipeline", "p"},
                            {"__weir.errors.transform", "redact"},
                            {"__weir.errors.code", "E_DATA"},
                            {"__weir.errors.message", "not a plain IP address"},
                            {"__weir.errors.field", "ip"},
                            {"__weir.errors.payload", "encrypted"},
                            {"__weir.errors.partition", "/in/events.ndjson"},
                            {"__weir.errors.offset", "1234"},
                            {"__weir.errors.clone", "2"}}}) ==
      R"({"value":"v","headers":[["mine","x"]],"error":{"pipeline":"p","transform":"redact","code":"E_DATA","message":"not a plain IP address","field":"ip","payload":"encrypted"},)"
      R"("position":{"partition":"/in/events.ndjson","offset":"1234"},"clone":2})");
  CHECK(envelope({.headers = {{"__weir.errors.code", "E_DATA"}, {"__weir.errors.clone", "two"}}}) ==
        R"({"error":{"code":"E_DATA"}})");
}

}  // namespace
}  // namespace weir::plugins
