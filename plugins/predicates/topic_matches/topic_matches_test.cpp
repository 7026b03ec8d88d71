#include "topic_matches.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Predicate<TopicMatches>;

bool chosen(const std::string& pattern, const testing::Message& message) {
  Runner predicate(R"({"pattern":")" + pattern + R"("})");
  const bool result = predicate.test(message);
  CHECK_FALSE(predicate.failure());
  return result;
}

TEST_CASE("the expression is searched for in the topic's name") {
  CHECK(chosen("^ev", {.value = "{}", .topic = "events"}));
  CHECK_FALSE(chosen("^ev", {.value = "{}", .topic = "seven"}));
  CHECK(chosen("ev", {.value = "{}", .topic = "seven"}));
  CHECK(chosen("^events$", {.value = "{}", .topic = "events"}));
  CHECK_FALSE(chosen("^events$", {.value = "{}", .topic = "events2"}));
  CHECK_FALSE(chosen("^EV", {.value = "{}", .topic = "events"}));
}

TEST_CASE("without a topic a record is not chosen, whatever the expression") {
  CHECK_FALSE(chosen("", {.value = "{}"}));
  CHECK_FALSE(chosen("^$", {.value = "{}"}));
  CHECK(chosen("", {.value = "{}", .topic = "events"}));
}

TEST_CASE("null values and what is not JSON are judged by their topic") {
  CHECK(chosen("^ev", {.key = "k", .topic = "events"}));
  CHECK_FALSE(chosen("^ev", {.key = "k", .topic = "orders"}));
  CHECK(chosen("^ev", {.value = "{", .topic = "events"}));
}

TEST_CASE("an expression that RE2 cannot read is refused") {
  CHECK_THROWS_AS(Runner(R"({"pattern":"("})"), ConfigError);
  CHECK_THROWS_AS(Runner("{}"), ConfigError);
}

}  // namespace
}  // namespace weir::plugins
