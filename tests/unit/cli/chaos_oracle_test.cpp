#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "cli/chaos/oracle.h"

using namespace weir::host::cli::chaos;

namespace {

/// A message whose views live as long as it does.
struct Sent {
  std::optional<std::string> key = "k";
  std::optional<std::string> value = "v";
  std::string origin = "0";
  std::string partition = "p";  // of the source
  std::string topic = "t";
  std::int32_t place = 0;

  [[nodiscard]] Seen seen(std::int64_t offset) const {
    Seen seen;
    seen.topic = topic;
    seen.partition = place;
    seen.offset = offset;
    if (key) seen.key = *key;
    if (value) seen.value = *value;
    seen.source_partition = partition;
    seen.source_offset = origin;
    return seen;
  }
};
using Messages = std::vector<Sent>;

/// "A1 B1 A2": key and origin of each.
Messages messages(const std::string& words) {
  Messages all;
  for (std::size_t at = 0; at < words.size(); at += 3)
    all.push_back({.key = words.substr(at, 1), .value = words.substr(at, 2), .origin = words.substr(at + 1, 1)});
  return all;
}

Verdict judge(const Messages& expected, const Messages& arrived, UnknownOrigin unknown = UnknownOrigin::many) {
  Oracle oracle(unknown);
  std::int64_t offset = 0;
  for (const Sent& message : expected) oracle.expect(message.seen(offset++));
  oracle.seal();
  offset = 0;
  for (const Sent& message : arrived) oracle.arrive(message.seen(offset++));
  const Verdict verdict = oracle.verdict();
  CHECK(verdict.expected == expected.size());
  CHECK(verdict.arrived == arrived.size());
  CHECK(verdict.expected - verdict.lost.count + verdict.duplicated + verdict.unexpected.count == verdict.arrived);
  return verdict;
}

Verdict judge(const std::string& expected, const std::string& arrived) {
  return judge(messages(expected), messages(arrived));
}

}  // namespace

TEST_CASE("what arrives as expected has no fault") {
  CHECK(judge("A1 B2 A3", "A1 B2 A3").faults() == 0);
  CHECK(judge("A1 B2 A3", "A1 B2 A3").duplicated == 0);
  CHECK(judge("", "").faults() == 0);
}

TEST_CASE("there is no order between keys") { CHECK(judge("A1 B2 A3 B4", "B2 A1 B4 A3").faults() == 0); }

TEST_CASE("what does not arrive is lost, and shown where it stood") {
  const Verdict verdict = judge("A1 B2 A3 A4 A5 A6", "B2 A5");
  CHECK(verdict.lost.count == 4);
  CHECK(verdict.faults() == 4);
  REQUIRE(verdict.lost.examples.size() == Verdict::kExamples);
  CHECK(verdict.lost.examples[0].source_offset == "1");
  CHECK(verdict.lost.examples[0].offset == 0);
  CHECK(verdict.lost.examples[0].topic == "t");
  CHECK(verdict.lost.examples[1].source_offset == "3");
  CHECK(verdict.lost.examples[2].source_offset == "4");
}

TEST_CASE("a resend is a duplicate, not an inversion") {
  const Verdict verdict = judge("A1 A2 A3", "A1 A2 A3 A2 A3");
  CHECK(verdict.duplicated == 2);
  CHECK(verdict.faults() == 0);
}

TEST_CASE("a first occurrence behind a later one of its key is reordered") {
  CHECK(judge("A1 A2 A3", "A2 A1 A3").reordered.count == 1);
  CHECK(judge("A1 A2 A3", "A3 A2 A1").reordered.count == 2);
  CHECK(judge("A1 A2 A3", "A3 A1 A2").reordered.count == 1);
  CHECK(judge("A1 A2 A3", "A2 A3 A2 A3 A1").reordered.count == 1);  // lost at first, and made up for too late
  const Verdict verdict = judge("A1 A2", "A2 A1");
  REQUIRE(verdict.reordered.examples.size() == 1);
  CHECK(verdict.reordered.examples[0].source_offset == "1");
  CHECK(verdict.reordered.examples[0].offset == 1);
}

TEST_CASE("order is judged within a source partition and a topic") {
  Messages expected = messages("A1 A2");
  expected[1].partition = "q";
  CHECK(judge(expected, {expected[1], expected[0]}).faults() == 0);
  expected[1].partition = "p";
  CHECK(judge(expected, {expected[1], expected[0]}).reordered.count == 1);
  expected[1].topic = "u";
  CHECK(judge(expected, {expected[1], expected[0]}).faults() == 0);
}

TEST_CASE("messages without a key have no order and no partition") {
  Messages expected = messages("A1 A2");
  for (Sent& message : expected) message.key.reset();
  Messages arrived{expected[1], expected[0]};
  arrived[0].place = 7;
  CHECK(judge(expected, arrived).faults() == 0);
}

TEST_CASE("another value, key, topic or origin is another message") {
  const Messages expected = messages("A1");
  for (const auto& change :
       std::vector<void (*)(Sent&)>{[](Sent& sent) { sent.value = "A1 "; }, [](Sent& sent) { sent.value.reset(); },
                                    [](Sent& sent) { sent.key = "B"; }, [](Sent& sent) { sent.key.reset(); },
                                    [](Sent& sent) { sent.topic = "u"; }, [](Sent& sent) { sent.origin = "2"; },
                                    [](Sent& sent) { sent.partition = "q"; }}) {
    Messages arrived = expected;
    change(arrived[0]);
    const Verdict verdict = judge(expected, arrived);
    CHECK(verdict.lost.count == 1);
    CHECK(verdict.unexpected.count == 1);
    CHECK(verdict.reordered.count == 0);
  }
}

TEST_CASE("null and empty are not the same, nor are texts that only join to the same") {
  const Messages null{{.key = std::nullopt, .value = std::nullopt}};
  const Messages empty{{.key = "", .value = ""}};
  CHECK(judge(null, null).faults() == 0);
  CHECK(judge(empty, empty).faults() == 0);
  CHECK(judge(null, empty).lost.count == 1);
  CHECK(judge(empty, null).lost.count == 1);
  CHECK(judge({{.key = "ab", .value = "c"}}, {{.key = "a", .value = "bc"}}).lost.count == 1);
  CHECK(judge({{.key = "1:a", .value = "b"}}, {{.key = "1", .value = "a:b"}}).lost.count == 1);
}

TEST_CASE("a key stays in its partition") {
  const Messages expected = messages("A1 A2");
  Messages arrived = expected;
  arrived[1].place = 3;
  const Verdict verdict = judge(expected, arrived);
  CHECK(verdict.misplaced.count == 1);
  CHECK(verdict.faults() == 1);
  CHECK(verdict.lost.count == 0);
}

TEST_CASE("of n equal ones n are expected") {
  const Sent same{.origin = "", .partition = ""};
  CHECK(judge({same, same, same}, {same, same}).lost.count == 1);
  CHECK(judge({same, same, same}, {same, same, same}).duplicated == 0);
  CHECK(judge({same, same}, {same, same, same}).duplicated == 1);
}

TEST_CASE("without origins order is judged only where there is one source partition") {
  Messages expected = messages("A1 A2");
  for (Sent& message : expected) message.origin = message.partition = "";
  const Messages arrived{expected[1], expected[0]};
  CHECK(judge(expected, arrived, UnknownOrigin::one).reordered.count == 1);
  const Verdict verdict = judge(expected, arrived, UnknownOrigin::many);
  CHECK(verdict.faults() == 0);
  CHECK(verdict.unordered == 2);
}

TEST_CASE("it agrees with an oracle that keeps everything") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    Messages expected;
    const int keys = 1 + static_cast<int>(random() % 4);
    for (int i = 0; i < 60; ++i) {
      const std::string number = std::to_string(i);
      expected.push_back({.key = std::string(1, static_cast<char>('A' + random() % static_cast<unsigned>(keys))),
                          .value = number,
                          .origin = number,
                          .partition = random() % 2 == 0 ? "p" : "q"});
    }
    Messages arrived;
    for (const Sent& message : expected) {
      if (random() % 20 == 0) continue;
      arrived.push_back(message);
      if (random() % 10 == 0) arrived.push_back(message);
    }
    for (int swaps = static_cast<int>(random() % 4); swaps > 0; --swaps)
      std::swap(arrived[random() % arrived.size()], arrived[random() % arrived.size()]);

    std::set<std::string> seen;
    std::map<std::pair<std::string, std::string>, int> latest;
    std::uint64_t duplicated = 0;
    std::uint64_t reordered = 0;
    for (const Sent& message : arrived) {
      if (!seen.insert(message.origin).second) {
        ++duplicated;
        continue;
      }
      const int number = std::stoi(message.origin);
      const auto [before, first] = latest.try_emplace({*message.key, message.partition}, number);
      if (!first && number < before->second) ++reordered;
      before->second = number;
    }
    const Verdict verdict = judge(expected, arrived);
    CHECK(verdict.lost.count == expected.size() - seen.size());
    CHECK(verdict.duplicated == duplicated);
    CHECK(verdict.reordered.count == reordered);
    CHECK(verdict.unexpected.count == 0);
  }
}
