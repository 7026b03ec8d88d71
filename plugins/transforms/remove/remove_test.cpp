#include "remove.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Transform<Remove>;

TEST_CASE("remove cuts members and leaves the rest as it is") {
  Runner remove(R"({"fields":["user.ssn","events[*].location"]})");
  CHECK(remove.run(R"({"user":{"ssn":1, "n": 1.0},"events":[{"location":{}},{"x":1, "location":2}, 3]})").value() ==
        R"({"user":{"n": 1.0},"events":[{},{"x":1}, 3]})");
}

TEST_CASE("remove takes elements of lists and null") {
  Runner remove(R"({"fields":["a[0]","b"]})");
  CHECK(remove.run(R"({"a":[1,2],"b":null})").value() == R"({"a":[2]})");
}

TEST_CASE("what is missing is no error") {
  Runner remove(R"({"fields":["a.b"]})");
  CHECK(remove.run(R"({ "a" : 1 })").value() == R"({ "a" : 1 })");
  CHECK(remove.run("[ 1 ]").value() == "[ 1 ]");
}

TEST_CASE("what is not JSON fails") {
  Runner remove(R"({"fields":["a"]})");
  CHECK(remove.run("{").failed());
}

TEST_CASE("remove needs a path") {
  CHECK_THROWS_AS(Runner(R"({"fields":[]})"), ConfigError);
  CHECK_THROWS_AS(Runner("{}"), ConfigError);
}

}  // namespace
}  // namespace weir::plugins
