#include "cli/dlq/letter.h"

#include <catch2/catch.hpp>

using namespace weir::host;
using namespace weir::host::cli;

namespace {

Letter parsed(std::string_view line) {
  auto letter = Letter::parse(line);
  REQUIRE(letter.ok());
  return *std::move(letter);
}

std::string facts(const Letter& letter) {
  ObjectWriter writer;
  letter.write_facts(writer);
  return writer.done();
}

}  // namespace

TEST_CASE("a dead letter is read as it was written, to the byte") {
  const Letter letter = parsed(
      R"({"topic":"t","key":"k","value_base64":"/wA=","headers":[["h","1"],["n",null],[{"base64":"gA=="},{"base64":"/w=="}]],)"
      R"("timestamp_ms":17,"error":{"pipeline":"p","transform":"redact","code":"E_DATA","message":"m","field":"a.b"},)"
      R"("position":{"partition_base64":"/w==","offset":"12"},"clone":3})");
  CHECK(letter.payload == Letter::Payload::plain);
  CHECK(letter.record.topic == "t");
  CHECK(letter.record.key == "k");
  CHECK(letter.record.value == std::string("\xff\0", 2));
  CHECK(letter.record.headers == decltype(letter.record.headers){{"h", "1"}, {"n", std::nullopt}, {"\x80", "\xff"}});
  CHECK(letter.record.timestamp_ms == 17);
  CHECK(letter.partition == "\xff");
  CHECK(letter.clone == 3);
  CHECK(facts(letter) ==
        R"({"error":{"pipeline":"p","transform":"redact","code":"E_DATA","message":"m","field":"a.b"},)"
        R"("position":{"partition_base64":"/w==","offset":"12"},"clone":3})");
}

TEST_CASE("key and value: empty is not null") {
  const Letter letter = parsed(R"({"key":"","error":{}})");
  CHECK(letter.record.key == "");
  CHECK_FALSE(letter.record.value);
  CHECK(letter.payload == Letter::Payload::plain);
}

TEST_CASE("a letter without payload cannot be opened") {
  const Letter letter = parsed(R"({"error":{"code":"E_DATA"},"position":{"offset":"12"}})");
  CHECK(letter.payload == Letter::Payload::none);
  CHECK(letter.open(nullptr).status().code() == WEIR_E_DATA);
}

TEST_CASE("a letter is encrypted when its error says so, not when its record looks like it") {
  const std::string value = R"("value":"{\"weir_encrypted\":{\"v\":1}}")";
  CHECK(parsed("{" + value + R"(,"error":{}})").payload == Letter::Payload::plain);
  const Letter letter = parsed("{" + value + R"(,"error":{"payload":"encrypted"}})");
  CHECK(letter.payload == Letter::Payload::encrypted);
  CHECK(letter.record.is_empty());
  CHECK(letter.open(nullptr).status().code() == WEIR_E_CONFIG);
}

TEST_CASE("what is no dead letter is refused, and nothing of it is told") {
  for (const char* line : {"",
                           "canary",
                           "[]",
                           "{}",
                           "null",
                           R"({"value":"canary"})",
                           R"({"error":"canary"})",
                           R"({"error":{"code":1}})",
                           R"({"error":{},"key":7})",
                           R"({"error":{},"value":{}})",
                           R"({"error":{},"value_base64":"canary!"})",
                           R"({"error":{},"headers":{}})",
                           R"({"error":{},"headers":[["canary"]]})",
                           R"({"error":{},"headers":[[1,2]]})",
                           R"({"error":{},"headers":[["h",{"canary":1}]]})",
                           R"({"error":{},"position":[]})",
                           R"({"error":{},"clone":-1})",
                           R"({"error":{},"clone":4294967296})",
                           R"({"error":{},"clone":"canary"})",
                           R"({"error":{},"timestamp_ms":1.5})",
                           R"({"error":{},"timestamp_ms":9223372036854775808})",
                           R"({"error":{}})"
                           "x",
                           "{\"error\":{},\"key\":\"\xff\"}"}) {
    CAPTURE(line);
    const auto letter = Letter::parse(line);
    REQUIRE_FALSE(letter.ok());
    CHECK(letter.status().code() == WEIR_E_DATA);
    CHECK(letter.status().message().find("canary") == std::string::npos);
  }
}
