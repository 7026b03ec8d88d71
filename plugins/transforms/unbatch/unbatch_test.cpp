#include "unbatch.h"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Transform<Unbatch>;

constexpr const char* kEvents = R"({"field":"events","keep":["mpid","user_identities"],"as":"event"})";

std::vector<std::string> values(const testing::Outcome& out) {
  std::vector<std::string> all;
  for (const testing::Message& message : out.records) all.push_back(message.value.value());
  return all;
}

std::string refusal(const std::string& config) {
  try {
    Runner unbatch(config);
  } catch (const ConfigError& error) {
    return error.pointer();
  }
  return "taken";
}

TEST_CASE("each element becomes a record with what is kept of the batch") {
  Runner unbatch(R"({"field":"events","keep":["mpid"],"as":"event"})");
  const auto out = unbatch.run(R"({"mpid":1,"events":[{"a":1},{"a":2}]})");
  CHECK(values(out) == std::vector<std::string>{R"({"mpid":1,"event":{"a":1}})", R"({"mpid":1,"event":{"a":2}})"});
  CHECK(out.dropped == 1);
}

TEST_CASE("members and elements keep their bytes, and the order of keep counts") {
  Runner unbatch(kEvents);
  const auto out = unbatch.run(
      R"({ "x":0, "user_identities" : { "email":"\u0061" ,"n": 1.0e0} , "events" : [ 12345678901234567890123 , "é\u00e9" ,null, [ 1 ] ], "mpid":-9223372036854775808 })");
  const std::string begin =
      R"({"mpid":-9223372036854775808,"user_identities":{ "email":"\u0061" ,"n": 1.0e0},"event":)";
  CHECK(values(out) == std::vector<std::string>{begin + "12345678901234567890123}", begin + R"("é\u00e9"})",
                                                begin + "null}", begin + "[ 1 ]}"});
}

TEST_CASE("what is to be kept and is missing is left out, null is kept") {
  Runner unbatch(kEvents);
  CHECK(unbatch.run(R"({"events":[1]})").value() == R"({"event":1})");
  CHECK(unbatch.run(R"({"mpid":null,"events":[1]})").value() == R"({"mpid":null,"event":1})");
}

TEST_CASE("keep names members of the root, whatever their names hold") {
  Runner unbatch(R"({"field":"events","keep":["a.b","c[0]","d\"*"],"as":"e\"f"})");
  CHECK(unbatch.run(R"({"a":{"b":1},"a.b":2,"c[0]":3,"d\"*":4,"events":[5]})").value() ==
        R"({"a.b":2,"c[0]":3,"d\"*":4,"e\"f":5})");
}

TEST_CASE("the list may lie deeper, and in JSON inside a text") {
  Runner deep(R"({"field":"data[1].list","as":"e"})");
  CHECK(values(deep.run(R"({"data":[0,{"list":[1,2]}]})")) == std::vector<std::string>{R"({"e":1})", R"({"e":2})"});
  Runner inside(R"({"field":"payload@json.list","keep":["id"],"as":"e"})");
  CHECK(values(inside.run(R"({"id":7,"payload":"{\"list\":[{\"a\":\"\\u0041\"}]}"})")) ==
        std::vector<std::string>{R"({"id":7,"e":{"a":"\u0041"}})"});
}

TEST_CASE("records keep the batch's key, headers, topic and timestamp") {
  Runner unbatch(R"({"field":"events","as":"event"})");
  const testing::Message batch{.value = R"({"events":[1,2]})",
                               .key = "k",
                               .topic = "t",
                               .headers = {{"h", "1"}},
                               .timestamp = Timestamp(std::chrono::milliseconds(5)),
                               .partition = 3};
  const auto out = unbatch.run(batch);
  REQUIRE(out.records.size() == 2);
  for (const testing::Message& record : out.records) {
    CHECK(record.key == batch.key);
    CHECK(record.topic == batch.topic);
    CHECK(record.headers == batch.headers);
    CHECK(record.timestamp == batch.timestamp);
    CHECK(record.partition == batch.partition);
  }
}

TEST_CASE("a batch without elements is filtered") {
  Runner unbatch(kEvents);
  for (const char* batch :
       {R"({"events":[]})", R"({"events":[ ]})", R"({"events":null})", R"({"mpid":1})", "[]", "17"}) {
    INFO(batch);
    const auto out = unbatch.run(batch);
    CHECK(out.filtered());
    CHECK(out.dropped == 1);
  }
}

TEST_CASE("where anything but a list stands, and in what is not JSON, the batch fails") {
  Runner unbatch(kEvents);
  for (const char* batch : {R"({"events":{}})", R"({"events":"[1]"})", R"({"events":0})", R"({"events":false})", "{"}) {
    INFO(batch);
    const auto out = unbatch.run(batch);
    CHECK(out.failed());
    CHECK(out.records.empty());
  }
}

TEST_CASE("null values pass") {
  Runner unbatch(kEvents);
  CHECK(unbatch.run(testing::Message{.key = "k"}).only().key == "k");
}

TEST_CASE("a batch fails whose records would take more than half of the memory") {
  testing::Setup small;
  small.memory = 64 * 1024;
  Runner unbatch(R"({"field":"events","keep":["big"],"as":"event"})", small);
  const std::string big(1000, 'x');
  const auto batch = [&](int elements) {
    std::string list = "1";
    for (int i = 1; i < elements; ++i) list += ",1";
    return R"({"big":")" + big + R"(","events":[)" + list + "]}";
  };
  CHECK(unbatch.run(batch(20)).records.size() == 20);
  const auto refused = unbatch.run(batch(40));
  CHECK(refused.failed());
  CHECK(refused.records.empty());
}

TEST_CASE("names that would meet, and fields that name several places, are refused") {
  CHECK(refusal(R"({"field":"events","keep":["a","event"],"as":"event"})") == "keep/1");
  CHECK(refusal(R"({"field":"events","keep":["a","b","a"],"as":"event"})") == "keep/2");
  CHECK(refusal(R"({"field":"data[*].events","as":"event"})") == "field");
  CHECK(refusal(R"({"field":"events"})") != "taken");
}

}  // namespace
}  // namespace weir::plugins
