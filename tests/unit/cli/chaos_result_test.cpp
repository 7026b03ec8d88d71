#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/chaos/result.h"

using namespace weir::host;
using namespace weir::host::cli::chaos;

namespace {

constexpr const char* kNotTheSame =
    "the pipeline, undisturbed twice, did not make the same twice: its source or a transform gives something else each "
    "time";

/// Ten kills are wanted, one message was lost and another one came.
ChaosResult with_a_loss() {
  ChaosResult result;
  result.pipeline = "mine";
  result.reference.read = 5;
  result.reference.delivered = 5;
  result.kills_wanted = 10;
  result.messages.expected = 5;
  result.messages.arrived = 5;
  result.messages.lost.count = 1;
  result.messages.unexpected.count = 1;
  return result;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("faults of a run that was disturbed are faults") {
  ChaosResult result = with_a_loss();
  SECTION("by kills") { result.faults.killed_starting = 1; }
  SECTION("by freezes") { result.faults.freezes = 1; }
  CHECK(result.word() == std::string("faults"));
  CHECK(holds(to_text(result), "verdict        faults: the pipeline does not keep what Weir promises\n"));
  CHECK(holds(to_text(result), "--for makes it last longer"));
  CHECK(nlohmann::json::parse(to_json(result)).at("reason").is_null());
}

TEST_CASE("two undisturbed runs that differ say nothing of the promises") {
  ChaosResult result = with_a_loss();
  SECTION("in messages") {}
  SECTION("in dead letters") {
    result.messages = {};
    result.letters.lost.count = 1;
  }
  CHECK(result.word() == std::string("inconclusive"));
  CHECK(holds(to_text(result), std::string("verdict        inconclusive: ") + kNotTheSame + "\n"));
  CHECK_FALSE(holds(to_text(result), "--for"));
  CHECK(nlohmann::json::parse(to_json(result)).at("reason") == kNotTheSame);
  result.on_own_cluster = true;
  CHECK(result.reason() == std::string(kNotTheSame) + ", or the topic on the cluster does not keep what it got");
}

TEST_CASE("two undisturbed runs that are the same are clean") {
  ChaosResult result = with_a_loss();
  result.messages.lost = result.messages.unexpected = {};
  CHECK(result.word() == std::string("clean"));
  CHECK(holds(to_text(result), "verdict        clean, and undisturbed\n"));
  CHECK(holds(to_text(result), "--for makes it last longer"));
}

TEST_CASE("what the second run read is shown where it is known") {
  ChaosResult result = with_a_loss();
  CHECK_FALSE(holds(to_text(result), "second run"));
  CHECK(nlohmann::json::parse(to_json(result)).at("second_run").is_null());
  result.second_run = Ledger{.read = 4, .delivered = 3, .filtered = 1};
  CHECK(holds(to_text(result), "second run     read 4  delivered 3  filtered 1  dead letters 0\n"));
  CHECK(nlohmann::json::parse(to_json(result)).at("second_run").at("read") == 4);
}

TEST_CASE("where nothing was delivered it is told what became of the records") {
  CHECK(holds(nothing_delivered({}), "its source gave no record"));
  CHECK(holds(nothing_delivered({.read = 9, .filtered = 2, .dead_lettered = 3, .dropped = 4}),
              "of 9 records read 2 were filtered, 3 became dead letters, 4 were dropped"));
}

TEST_CASE("without a result there is an object nevertheless, with what is known") {
  const auto early = nlohmann::json::parse(to_json(Unfinished{.reason = "no", .is_refused = true}));
  CHECK(early == nlohmann::json{{"pipeline", nullptr}, {"verdict", "refused"}, {"reason", "no"}});
  const auto late = nlohmann::json::parse(
      to_json(Unfinished{.pipeline = "mine", .reference = Ledger{.read = 3}, .reason = "failed"}));
  CHECK(late.at("pipeline") == "mine");
  CHECK(late.at("verdict") == "inconclusive");
  CHECK(late.at("reference").at("read") == 3);
}

TEST_CASE("a topic of --topics that was not used is told at the end") {
  ChaosResult result;
  CHECK_FALSE(holds(to_text(result), "warning"));
  result.unused_topics = {"event", "audits"};
  CHECK(
      to_text(result).ends_with("warning        nothing was written to the topic event of --topics\n"
                                "warning        nothing was written to the topic audits of --topics\n"));
  CHECK(nlohmann::json::parse(to_json(result)).at("unused_topics") == nlohmann::json{"event", "audits"});
}
