#include "field_equals.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Predicate<FieldEquals>;

bool equal(const std::string& value, std::string_view record, const std::string& field = "v") {
  Runner predicate(R"({"field":")" + field + R"(","value":)" + value + "}");
  const bool chosen = predicate.test(record);
  REQUIRE_FALSE(predicate.failure());
  return chosen;
}

TEST_CASE("types are not guessed") {
  CHECK(equal(R"("EU")", R"({"v":"EU"})"));
  CHECK_FALSE(equal(R"("1")", R"({"v":1})"));
  CHECK_FALSE(equal("1", R"({"v":"1"})"));
  CHECK_FALSE(equal("true", R"({"v":"true"})"));
  CHECK_FALSE(equal("1", R"({"v":true})"));
  CHECK_FALSE(equal(R"("")", R"({"v":null})"));
}

TEST_CASE("texts compare unescaped") {
  CHECK(equal(R"("\u00e9\n")", R"({"v":"é\n"})"));
  CHECK(equal(R"("é")", R"({"v":"\u00e9"})"));
  CHECK_FALSE(equal(R"("e")", R"({"v":"E"})"));
}

TEST_CASE("numbers compare by value, exactly") {
  CHECK(equal("1", R"({"v":1.0})"));
  CHECK(equal("1.5e1", R"({"v":15})"));
  CHECK(equal("-0", R"({"v":0})"));
  CHECK_FALSE(equal("9007199254740993", R"({"v":9007199254740992})"));
  CHECK(equal("123456789012345678901234567890", R"({"v":123456789012345678901234567890})"));
  CHECK_FALSE(equal("123456789012345678901234567890", R"({"v":123456789012345678901234567891})"));
}

TEST_CASE("null equals null and not a missing field") {
  CHECK(equal("null", R"({"v":null})"));
  CHECK_FALSE(equal("null", "{}"));
  CHECK_FALSE(equal("null", "[]"));
  CHECK(equal("false", R"({"v":false})"));
  CHECK_FALSE(equal("false", R"({"v":true})"));
}

TEST_CASE("lists and objects equal nothing") {
  CHECK_FALSE(equal("1", R"({"v":[1]})"));
  CHECK_FALSE(equal("1", R"({"v":{"v":1}})"));
}

TEST_CASE("a path with * matches if any place does") {
  CHECK(equal("2", R"({"a":[{"v":1},{"v":2},{}]})", "a[*].v"));
  CHECK_FALSE(equal("3", R"({"a":[{"v":1},{"v":2},{}]})", "a[*].v"));
}

TEST_CASE("a record that is not JSON fails, a null value is not chosen") {
  Runner predicate(R"({"field":"v","value":1})");
  CHECK_FALSE(predicate.test("{"));
  CHECK(predicate.failure());
  CHECK_FALSE(predicate.test(testing::Message{}));
  CHECK_FALSE(predicate.failure());
}

TEST_CASE("lists and objects as value are refused") {
  for (const char* value : {"[]", "{}", R"(["a"])"})
    CHECK_THROWS_AS(Runner(R"({"field":"v","value":)" + std::string(value) + "}"), ConfigError);
}

}  // namespace
}  // namespace weir::plugins
