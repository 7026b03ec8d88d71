#include "route.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Transform<Route>;

constexpr const char* kShop = R"({"routes":[
  {"when":{"field":"type","equals":"order"},"topic":"orders"},
  {"when":{"field":"type","exists":true},"topic":"events"}]})";

TEST_CASE("the first route that matches sets the topic, and nothing else changes") {
  Runner route(kShop);
  const auto order = route.run(testing::Message{.value = R"({ "type" : "order" })", .key = "k"});
  CHECK(order.only().topic == "orders");
  CHECK(order.value() == R"({ "type" : "order" })");
  CHECK(order.only().key == "k");
  CHECK(route.run(R"({"type":"view"})").only().topic == "events");
}

TEST_CASE("a record that no route matches keeps the topic it has, or none") {
  Runner route(kShop);
  CHECK_FALSE(route.run("{}").only().topic);
  CHECK(route.run(testing::Message{.value = "{}", .topic = "before"}).only().topic == "before");
  CHECK(route.run(testing::Message{.value = R"({"type":"order"})", .topic = "before"}).only().topic == "orders");
}

TEST_CASE("null values keep their topic") {
  Runner route(R"({"routes":[{"when":{"field":"type","exists":false},"topic":"t"}]})");
  CHECK(route.run("{}").only().topic == "t");
  CHECK_FALSE(route.run(testing::Message{.key = "k"}).only().topic);
  CHECK(route.run(testing::Message{.key = "k", .topic = "before"}).only().topic == "before");
}

TEST_CASE("what the conditions cannot judge fails, the others go on") {
  Runner route(kShop);
  const auto out = route.run({testing::Message{.value = "{"}, testing::Message{.value = R"({"type":"order"})"}});
  CHECK(out.failures.size() == 1);
  CHECK(out.only().topic == "orders");
}

TEST_CASE("routes and their parts are needed, topics have Kafka's names") {
  CHECK_THROWS_AS(Runner(R"({"routes":[]})"), ConfigError);
  CHECK_THROWS_AS(Runner("{}"), ConfigError);
  CHECK_THROWS_AS(Runner(R"({"routes":[{"topic":"t"}]})"), ConfigError);
}

}  // namespace
}  // namespace weir::plugins
