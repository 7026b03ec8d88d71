#include "set.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Transform<Set>;

TEST_CASE("set replaces a value and touches nothing else") {
  Runner set(R"({"field":"a.b","value":"x"})");
  CHECK(set.run(R"({ "a" : { "b" : [1, 2] , "c":1.0 } })").value() == R"({ "a" : { "b" : "x" , "c":1.0 } })");
}

TEST_CASE("set creates the objects on the way") {
  Runner set(R"({"field":"source_info.channel","value":"server_to_server"})");
  CHECK(set.run("{}").value() == R"({"source_info":{"channel":"server_to_server"}})");
  CHECK(set.run(R"({"a":1})").value() == R"({"a":1,"source_info":{"channel":"server_to_server"}})");
}

TEST_CASE("any JSON value is written compactly, its numbers as they stand") {
  Runner set(R"({"field":"v","value":{ "a" : [1.50, null, true] , "b":123456789012345678901234567890 }})");
  CHECK(set.run("{}").value() == R"({"v":{"a":[1.50,null,true],"b":123456789012345678901234567890}})");
}

TEST_CASE("set through a scalar, or where the root is no object, is a data error") {
  Runner set(R"({"field":"a.b","value":1})");
  for (const char* value : {R"({"a":1})", R"({"a":null})", "[]", "17", "not JSON"}) {
    INFO(value);
    CHECK(set.run(value).failed());
  }
}

TEST_CASE("set leaves null values alone") {
  Runner set(R"({"field":"a","value":1})");
  CHECK_FALSE(set.run(testing::Message{}).only().value);
}

}  // namespace
}  // namespace weir::plugins
