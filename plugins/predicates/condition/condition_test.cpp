#include "condition.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

TEST_CASE("a record is chosen when its value matches") {
  testing::Predicate<ConditionPredicate> predicate(R"({"when":{"field":"age","greater":17}})");
  CHECK(predicate.test(R"({"age":18})"));
  CHECK_FALSE(predicate.test(R"({"age":17})"));
  CHECK_FALSE(predicate.test(R"({"age":"18"})"));
  CHECK_FALSE(predicate.test("{}"));
  CHECK_FALSE(predicate.failure());
}

TEST_CASE("a null value is not chosen, what is not JSON fails") {
  testing::Predicate<ConditionPredicate> predicate(R"({"when":{"field":"age","exists":false}})");
  CHECK_FALSE(predicate.test(testing::Message{}));
  CHECK_FALSE(predicate.failure());
  CHECK_FALSE(predicate.test("{"));
  CHECK(predicate.failure());
}

}  // namespace
}  // namespace weir::plugins
