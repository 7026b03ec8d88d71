#include "has_header.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Predicate<HasHeader>;

TEST_CASE("a record with a header of that name is chosen, whatever it holds") {
  Runner predicate(R"({"name":"trace"})");
  CHECK(predicate.test(testing::Message{.value = "{}", .headers = {{"a", "1"}, {"trace", "x"}}}));
  CHECK(predicate.test(testing::Message{.value = "{}", .headers = {{"trace", ""}}}));
  CHECK(predicate.test(testing::Message{.value = "{}", .headers = {{"trace", std::nullopt}}}));
  CHECK_FALSE(predicate.test(testing::Message{.value = "{}", .headers = {{"Trace", "x"}, {"tracer", "x"}}}));
  CHECK_FALSE(predicate.test(R"({"trace":"x"})"));
  CHECK_FALSE(predicate.failure());
}

TEST_CASE("null values and what is not JSON are judged by their headers") {
  Runner predicate(R"({"name":"trace"})");
  CHECK(predicate.test(testing::Message{.key = "k", .headers = {{"trace", "x"}}}));
  CHECK_FALSE(predicate.test(testing::Message{.key = "k"}));
  CHECK(predicate.test(testing::Message{.value = "{", .headers = {{"trace", "x"}}}));
  CHECK_FALSE(predicate.failure());
}

TEST_CASE("it needs a name") { CHECK_THROWS_AS(Runner("{}"), ConfigError); }

}  // namespace
}  // namespace weir::plugins
