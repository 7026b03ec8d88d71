#include "cli/replay/choice.h"

#include <catch2/catch.hpp>

using namespace weir::host;
using weir::host::cli::ReplayChoice;

namespace {

spool::StoredRecord record(std::optional<std::string_view> key, std::optional<std::string_view> value) {
  spool::StoredRecord made;
  if (key) made.key = bytes_of(*key);
  if (value) made.value = bytes_of(*value);
  return made;
}

std::unique_ptr<ReplayChoice> choice(const std::optional<std::string>& key,
                                     const std::optional<std::string>& condition) {
  auto made = ReplayChoice::make(key, condition);
  INFO(made.status().message());
  REQUIRE(made.ok());
  return *std::move(made);
}

std::string refusal(const std::string& condition) {
  const auto made = ReplayChoice::make(std::nullopt, condition);
  REQUIRE_FALSE(made.ok());
  CHECK(made.status().code() == WEIR_E_CONFIG);
  return made.status().message();
}

}  // namespace

TEST_CASE("without a key and a condition every record is wanted") {
  const auto all = choice(std::nullopt, std::nullopt);
  CHECK(all->wants(record("k", "{}")));
  CHECK(all->wants(record(std::nullopt, std::nullopt)));
  CHECK(all->wants(record(std::nullopt, "no json")));
  CHECK(all->unjudged() == 0);
}

TEST_CASE("a key is compared byte for byte, and null is no key") {
  const auto one = choice("7", std::nullopt);
  CHECK(one->wants(record("7", std::nullopt)));
  CHECK_FALSE(one->wants(record("77", "{}")));
  CHECK_FALSE(one->wants(record(std::nullopt, "{}")));
  const auto empty = choice("", std::nullopt);
  CHECK(empty->wants(record("", "{}")));
  CHECK_FALSE(empty->wants(record(std::nullopt, "{}")));
}

TEST_CASE("a condition judges values as a pipeline does, many one after the other") {
  const auto some = choice(std::nullopt, "{all: [{field: a.b, greater: 10}, {field: c, matches: '^x'}]}");
  for (int round = 0; round < 1000; ++round) {
    CHECK(some->wants(record("k", R"({"a":{"b":11},"c":"xy"})")));
    CHECK_FALSE(some->wants(record("k", R"({"a":{"b":10},"c":"xy"})")));
    CHECK_FALSE(some->wants(record("k", R"({"c":"xy"})")));
  }
  CHECK(some->unjudged() == 0);
  CHECK_FALSE(some->wants(record("k", "{broken")));
  CHECK_FALSE(some->wants(record("k", std::nullopt)));  // a tombstone has no fields
  CHECK(some->unjudged() == 1);
}

TEST_CASE("a key and a condition have both to be met") {
  const auto both = choice("k", "{field: n, equals: 1}");
  CHECK(both->wants(record("k", R"({"n":1})")));
  CHECK_FALSE(both->wants(record("j", R"({"n":1})")));
  CHECK_FALSE(both->wants(record("k", R"({"n":2})")));
}

TEST_CASE("what is no condition is refused with what is wrong") {
  CHECK(refusal("{field: n}").find("operator") != std::string::npos);
  CHECK(refusal("{field: n, eqals: 1}").find("equals") != std::string::npos);
  CHECK(refusal("{field: n, matches: '('}").find("--match") != std::string::npos);
  CHECK_FALSE(refusal("").empty());
  CHECK_FALSE(refusal("{field: n, equals: 1}\n---\n{field: n, equals: 2}").empty());
  CHECK_FALSE(refusal("n = 1").empty());
}
