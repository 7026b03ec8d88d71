#include "filter.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Transform<Filter>;

TEST_CASE("drop_when drops the records that match") {
  Runner filter(R"({"drop_when":{"field":"type","equals":"view"}})");
  CHECK(filter.run(R"({"type":"view"})").filtered());
  CHECK(filter.run(R"({ "type" : "order" })").value() == R"({ "type" : "order" })");
  CHECK(filter.run(R"({})").value() == "{}");
}

TEST_CASE("keep_when drops the records that do not match") {
  Runner filter(R"({"keep_when":{"field":"type","equals":"order"}})");
  CHECK(filter.run(R"({"type":"view"})").filtered());
  CHECK(filter.run(R"({})").filtered());
  CHECK(filter.run(R"({"type":"order"})").value() == R"({"type":"order"})");
}

TEST_CASE("a null value passes either condition") {
  for (const char* config :
       {R"({"drop_when":{"field":"a","exists":false}})", R"({"keep_when":{"field":"a","exists":true}})"}) {
    Runner filter(config);
    CHECK(filter.run(testing::Message{.key = "k"}).only().key == "k");
  }
}

TEST_CASE("without a condition every record is dropped, null values too") {
  Runner filter;
  const auto out =
      filter.run({testing::Message{.value = "{}"}, testing::Message{}, testing::Message{.value = "not JSON"}});
  CHECK(out.dropped == 3);
  CHECK_FALSE(out.failed());
}

TEST_CASE("a record the condition cannot judge fails, the others go on") {
  Runner filter(R"({"drop_when":{"field":"a","equals":1}})");
  const auto out = filter.run({testing::Message{.value = "{"}, testing::Message{.value = R"({"a":1})"},
                               testing::Message{.value = R"({"a":2})"}});
  CHECK(out.failures.size() == 1);
  CHECK(out.dropped == 1);
  CHECK(out.value() == R"({"a":2})");
}

TEST_CASE("both conditions together are refused") {
  const auto both = R"({"drop_when":{"field":"a","equals":1},"keep_when":{"field":"a","equals":1}})";
  CHECK_THROWS_AS(Runner(both), ConfigError);
}

}  // namespace
}  // namespace weir::plugins
