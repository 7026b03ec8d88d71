#include "generate.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Source<GenerateSource>;

std::vector<std::string> values(const std::vector<testing::Polled>& polled) {
  std::vector<std::string> values;
  for (const testing::Polled& record : polled) values.push_back(record.message.value.value());
  return values;
}

std::vector<std::string> generate(const std::string& config, testing::Setup setup = {}) {
  return values(Runner(config, std::move(setup)).drain());
}

TEST_CASE("the same seed makes the same bytes, another one others") {
  const auto first = generate(R"({"count":200})");
  CHECK(first.size() == 200);
  CHECK(generate(R"({"count":200,"seed":1})") == first);
  CHECK(generate(R"({"count":200,"seed":2})") != first);
  CHECK(generate(R"({"count":0})").empty());
}

TEST_CASE("an event is a JSON object of about a kilobyte with its index in its id") {
  const auto events = generate(R"({"count":500})");
  for (std::size_t i = 0; i < events.size(); ++i) {
    const testing::Node event = testing::parse(events[i]);
    REQUIRE(event.type == WEIR_OBJECT);
    const std::size_t id_end = events[i].find(R"(","mpid":)");
    REQUIRE(id_end >= 12);
    REQUIRE(std::stoull(events[i].substr(id_end - 12, 12), nullptr, 16) == i);
    REQUIRE(events[i].size() > 900);
    REQUIRE(events[i].size() < 1300);
  }
}

TEST_CASE("a batch is a JSON object with one to five events") {
  std::set<std::size_t> sizes;
  for (const std::string& text : generate(R"({"count":300,"shape":"batch"})")) {
    const testing::Node batch = testing::parse(text);
    for (const testing::Node& member : batch.children) {
      if (member.name == "events") sizes.insert(member.children.size());
    }
  }
  CHECK(sizes == std::set<std::size_t>{1, 2, 3, 4, 5});
}

TEST_CASE("no event and no batch is longer than its bound") {
  const Events events(7);
  const auto memory = std::make_unique<char[]>(2 * Events::kLongestBatch);
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    const std::uint64_t index = i % 2 == 0 ? i : ~i;
    REQUIRE(events.event(index, memory.get()).size() + 200 < Events::kLongestEvent);
    REQUIRE(events.batch(index, memory.get()).size() + 500 < Events::kLongestBatch);
  }
}

TEST_CASE("a position is the index, and a restart goes on after it") {
  Runner source(R"({"count":5})");
  const auto all = source.drain();
  REQUIRE(all.size() == 5);
  CHECK(all[0].position.partition == "0/1");
  CHECK(all[0].position.offset == "0");
  CHECK(all[4].position.offset == "4");
  CHECK(generate(R"({"count":5})", {.positions = {{"0/1", "2"}}}) ==
        std::vector<std::string>{*all[3].message.value, *all[4].message.value});
  CHECK(generate(R"({"count":5})", {.positions = {{"0/1", "4"}}}).empty());
  Runner broken(R"({})", {.positions = {{"0/1", "x"}}});
  CHECK_THROWS_AS(broken.start(), FatalError);
}

TEST_CASE("tasks share the records out") {
  const auto all = generate(R"({"count":7})");
  CHECK(generate(R"({"count":7})", {.task = 0, .task_count = 2}) ==
        std::vector<std::string>{all[0], all[2], all[4], all[6]});
  CHECK(generate(R"({"count":7})", {.task = 1, .task_count = 2}) == std::vector<std::string>{all[1], all[3], all[5]});
}

TEST_CASE("a rate holds back") {
  Runner source(R"({"count":1000,"rate":200})");
  source.start();
  const auto start = std::chrono::steady_clock::now();
  std::size_t made = 0;
  while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(300))
    made += source.poll(64, 128 * 1024, 20).size();
  CHECK(made >= 20);
  CHECK(made <= 70);
}

TEST_CASE("settings that make no sense are refused") {
  for (const char* config : {R"({"count":-1})", R"({"rate":-1})"}) CHECK_THROWS_AS(Runner(config), ConfigError);
}

}  // namespace
}  // namespace weir::plugins
