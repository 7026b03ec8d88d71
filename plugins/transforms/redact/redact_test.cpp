#include "redact.h"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using testing::Outcome;
using Runner = testing::Transform<Redact>;

constexpr const char* kSecret = R"("secret":"0123456789abcdef",)";

/// Applies one rule, given as JSON without its braces.
Outcome redacted(const std::string& rule, std::string_view value) {
  Runner redact(std::string("{") + kSecret + R"("rules":[{)" + rule + "}]}");
  return redact.run(value);
}

std::string result(const std::string& rule, std::string_view value) {
  const Outcome out = redacted(rule, value);
  return out.failed() ? "failed: " + out.reason() : out.value();
}

/// Where a configuration is refused, and why: "POINTER: TEXT".
std::string refusal(const std::string& config) {
  try {
    Runner redact(config);
  } catch (const ConfigError& error) {
    return error.pointer() + ": " + error.what();
  }
  return "taken";
}

const std::string kMask = R"("field":"v","action":"mask")";
const std::string kIp = R"("field":"v","action":"truncate_ip")";
const std::string kHash = R"("field":"v","action":"hash")";
const std::string kPseudonym = R"("field":"v","action":"pseudonymize")";
const std::string kRemove = R"("field":"v","action":"remove")";
const std::string kReplace = R"("field":"v","action":"replace")";

TEST_CASE("every action writes only the bytes of its field") {
  CHECK(result(kMask, R"({ "a" : 1.0e-3, "v" : "abc" ,"b":[ ] })") == R"({ "a" : 1.0e-3, "v" : "***" ,"b":[ ] })");
  CHECK(result(kIp, R"({"v":"192.0.2.77"})") == R"({"v":"192.0.2.0"})");
  CHECK(result(kHash, R"({"v":"abc"})") ==
        R"({"v":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"})");
  CHECK(result(kPseudonym, R"({"v":"jo@example.com"})") ==
        R"({"v":"1c1a0b869049ed147ce96f0ca96086558b55c7e23732f52edab526f12481722f"})");
  CHECK(result(kRemove, R"({"a":1,"v":"x","b":2})") == R"({"a":1,"b":2})");
  CHECK(result(kReplace + R"(,"with":{"gone": [1.50]})", R"({"v":"x"})") == R"({"v":{"gone":[1.50]}})");
}

TEST_CASE("null and missing fields are left alone, but by remove and replace") {
  for (const std::string& rule : {kMask, kIp, kHash, kPseudonym}) {
    CHECK(result(rule, R"({"v":null})") == R"({"v":null})");
    CHECK(result(rule, R"({"w":"x"})") == R"({"w":"x"})");
  }
  CHECK(result(kRemove, R"({"v":null})") == "{}");
  CHECK(result(kReplace + R"(,"with":"x")", R"({"v":null})") == R"({"v":"x"})");
  CHECK(result(kReplace + R"(,"with":"x")", R"({"w":1})") == R"({"w":1})");
}

TEST_CASE("remove and replace take lists and objects whole") {
  CHECK(result(kRemove, R"({"v":{"a":1},"b":2})") == R"({"b":2})");
  CHECK(result(kReplace + R"(,"with":null)", R"({"v":[1,{"a":1}]})") == R"({"v":null})");
  CHECK(result(kReplace + R"(,"with":0)", R"({"v":"\ud800"})") == R"({"v":0})");
  CHECK(result(kReplace + R"(,"with":0)", R"({"v":1e400})") == R"({"v":0})");
  CHECK(result(R"("field":"v[*]","action":"remove")", R"({"v":[1,2]})") == R"({"v":[]})");
}

TEST_CASE("the text of a number or boolean is its JSON text") {
  CHECK(result(kMask + R"(,"keep":2)", R"({"v":12345})") == R"({"v":"***45"})");
  CHECK(result(kMask + R"(,"keep":2)", R"({"v":-12})") == R"({"v":"*12"})");
  CHECK(result(kMask + R"(,"keep":2)", R"({"v":18446744073709551615})") == R"({"v":"******************15"})");
  CHECK(result(kMask + R"(,"keep":2)", R"({"v":1.0e-3})") == R"({"v":"****-3"})");
  CHECK(result(kMask + R"(,"keep":2)", R"({"v":123456789012345678901234567890})") ==
        R"({"v":"****************************90"})");
  CHECK(result(kMask + R"(,"keep":2)", R"({"v":true})") == R"({"v":"**ue"})");
  CHECK(result(kIp, R"({"v":17})") == "failed: not a plain IP address");
}

TEST_CASE("a list is protected element by element, recursively") {
  CHECK(result(kMask + R"(,"keep":1)", R"({"v":[ "ab" , [ "cd",null ],12 ]})") ==
        R"({"v":[ "*b" , [ "*d",null ],"*2" ]})");
  CHECK(result(kIp, R"({"v":["192.0.2.1",["2001:db8::1"]]})") == R"({"v":["192.0.2.0",["2001:db8::"]]})");
  CHECK(result(kMask, R"({"v":[]})") == R"({"v":[]})");
}

TEST_CASE("an object where a text is needed is a data error at the rule's path") {
  const Outcome object = redacted(kMask, R"({"v":{"a":1}})");
  REQUIRE(object.failed());
  CHECK(object.failures[0].reason == "an object where a text is needed");
  CHECK(object.failures[0].at == "v");
  CHECK(redacted(kHash, R"({"v":["a",{"b":1}]})").failed());
  CHECK(redacted(kIp, R"({"v":["192.0.2.1","x"]})").failures.at(0).at == "v");
}

TEST_CASE("a value that is no JSON object is a data error") {
  for (const char* value : {"[1]", "\"x\"", "17", "true", "null", "[]", "", " ", "{", "{\"v\":1} x"}) {
    INFO(value);
    CHECK(redacted(kMask, value).failed());
  }
}

TEST_CASE("a null value passes") {
  Runner redact(R"({"rules":[{"field":"v","action":"remove"}]})");
  const Outcome out = redact.run(testing::Message{.key = "k"});
  CHECK(out.only().key == "k");
  CHECK_FALSE(out.only().value);
}

TEST_CASE("a path with wildcards protects every place") {
  CHECK(result(R"("field":"events[*].data.email","action":"mask")",
               R"({"events":[{"data":{"email":"ab"}},{"data":{}},{"data":{"email":"c","x":1}}]})") ==
        R"({"events":[{"data":{"email":"**"}},{"data":{}},{"data":{"email":"*","x":1}}]})");
  CHECK(result(R"("field":"ids.*","action":"mask","keep":1)", R"({"ids":{"a":"xy","b":12,"c":null}})") ==
        R"({"ids":{"a":"*y","b":"*2","c":null}})");
  CHECK(result(R"("field":"e[*].a","action":"replace","with":0)", R"({"e":[{"a":1},{},{"a":null}]})") ==
        R"({"e":[{"a":0},{},{"a":0}]})");
  CHECK(result(R"("field":"**.secret","action":"replace","with":"gone")",
               R"({"secret":{"secret":1},"a":[{"secret":2}]})") == R"({"secret":"gone","a":[{"secret":"gone"}]})");
}

TEST_CASE("a text that holds JSON is protected inside and escaped again") {
  CHECK(result(R"("field":"p@json.aps.alert","action":"mask","keep":1)",
               R"({"p":"{\"aps\":{\"alert\":\"Hi Jo\",\"n\": 1.0}}"})") ==
        R"({"p":"{\"aps\":{\"alert\":\"****o\",\"n\": 1.0}}"})");
}

TEST_CASE("rules are applied in order") {
  Runner redact(
      R"({"rules":[{"field":"v","action":"mask","keep":2},{"field":"v","action":"replace","with":"x"},{"field":"w","action":"remove"}]})");
  CHECK(redact.run(R"({"v":"abc","w":1})").value() == R"({"v":"x"})");
}

TEST_CASE("a rule that fails stops the record, whatever the others did") {
  Runner redact(R"({"rules":[{"field":"a","action":"mask"},{"field":"ip","action":"truncate_ip"}]})");
  const Outcome out = redact.run(
      {testing::Message{.value = R"({"a":"x","ip":"?"})"}, testing::Message{.value = R"({"a":"x","ip":"192.0.2.1"})"}});
  CHECK(out.failures.size() == 1);
  CHECK(out.value() == R"({"a":"*","ip":"192.0.2.0"})");
}

TEST_CASE("lower_trim makes one pseudonym of one address") {
  const std::string rule = kPseudonym + R"(,"normalize":"lower_trim")";
  CHECK(result(rule, R"({"v":" Jo@Example.COM\t"})") == result(kPseudonym, R"({"v":"jo@example.com"})"));
}

TEST_CASE("a hash is warned about") {
  Runner redact(R"({"rules":[{"field":"v","action":"mask"},{"field":"w","action":"hash"}]})");
  REQUIRE(redact.logs().size() == 1);
  CHECK(redact.logs()[0].level == WEIR_LOG_WARN);
  CHECK(redact.logs()[0].text.find("rules/1") != std::string::npos);
}

TEST_CASE("the secret is needed by pseudonymize only, and is at least 16 bytes") {
  const std::string pseudonymize = R"("rules":[{"field":"v","action":"pseudonymize"}]})";
  CHECK(refusal("{" + pseudonymize) == ": the action pseudonymize needs a secret");
  CHECK(refusal(R"({"secret":"fifteen bytes !",)" + pseudonymize) == "secret: must have at least 16 bytes");
  CHECK(refusal(R"({"secret":"äöüäöüäö",)" + pseudonymize) == "taken");  // 16 bytes of UTF-8
  CHECK(refusal(R"({"secret":"short","rules":[{"field":"v","action":"remove"}]})") == "taken");
}

TEST_CASE("settings that an action has no use for are refused") {
  const auto rule = [](const std::string& settings) {
    return refusal(R"({"rules":[{"field":"a","action":"remove"},{"field":"v",)" + settings + "}]}");
  };
  CHECK(rule(R"("action":"replace")") == "rules/1: the action replace needs with: the value put in its place");
  CHECK(rule(R"("action":"mask","with":1)") == "rules/1/with: only the action replace uses it");
  CHECK(rule(R"("action":"hash","keep":1)") == "rules/1/keep: only the action mask uses it");
  CHECK(rule(R"("action":"remove","char":"x")") == "rules/1/char: only the action mask uses it");
  CHECK(rule(R"("action":"hash","normalize":"lower_trim")") ==
        "rules/1/normalize: only the action pseudonymize uses it");
  CHECK(rule(R"("action":"mask","keep":-1)") == "rules/1/keep: must not be negative");
  CHECK(rule(R"("action":"mask","char":"")") == "rules/1/char: must be one character (one Unicode code point)");
  CHECK(rule(R"("action":"mask","char":"ab")") == "rules/1/char: must be one character (one Unicode code point)");
  CHECK(rule(R"("action":"mask","char":"•")") == "taken");
  CHECK(refusal(R"({"rules":[]})") == "rules: needs at least one rule");
}

}  // namespace
}  // namespace weir::plugins
