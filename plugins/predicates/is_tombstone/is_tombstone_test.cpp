#include "is_tombstone.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

TEST_CASE("a null value is a tombstone, the texts null and nothing are not") {
  testing::Predicate<IsTombstone> predicate;
  CHECK(predicate.test(testing::Message{.key = "k"}));
  CHECK_FALSE(predicate.test("null"));
  CHECK_FALSE(predicate.test(""));
  CHECK_FALSE(predicate.test("not JSON"));
  CHECK_FALSE(predicate.failure());
}

}  // namespace
}  // namespace weir::plugins
