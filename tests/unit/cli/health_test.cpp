#include "cli/admin/health.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace weir::host;
using namespace weir::host::cli;

namespace {

PipelineSummary pipeline(const std::string& name, RunState state, std::uint32_t started = 2) {
  PipelineSummary summary;
  summary.name = name;
  summary.outcome.state = state;
  summary.figures.tasks = 2;
  summary.figures.started = started;
  summary.figures.sink = {2, started, 0, 0};
  return summary;
}

}  // namespace

TEST_CASE("ready are pipelines that run with all tasks started and those that have finished") {
  CHECK(not_ready_reason(pipeline("a", RunState::running)).empty());
  CHECK(not_ready_reason(pipeline("a", RunState::finished)).empty());
  CHECK(not_ready_reason(pipeline("a", RunState::running, 1)) == "It is starting.");
  CHECK(not_ready_reason(pipeline("a", RunState::stopped)) == "It was stopped.");
  PipelineSummary away = pipeline("a", RunState::running, 0);
  away.figures.sink.failed_starts = 1;
  CHECK(not_ready_reason(away) == "It is starting: the sink is not there yet.");
  PipelineSummary not_made = pipeline("a", RunState::running, 0);
  not_made.figures.tasks = 0;  // waits for what it is to replace
  CHECK(not_ready_reason(not_made) == "It is starting.");
  PipelineSummary failed = pipeline("a", RunState::failed);
  failed.outcome.error = "broken";
  CHECK(not_ready_reason(failed) == "It failed: broken");
}

TEST_CASE("a sink that gave its records back does not make a pipeline that ran unready") {
  PipelineSummary waiting = pipeline("a", RunState::running);
  waiting.figures.sink = {2, 0, 3, 1};
  CHECK(not_ready_reason(waiting).empty());
}

TEST_CASE("the whole is ready when all are, and says which are not") {
  CHECK(readiness({pipeline("a", RunState::running), pipeline("b", RunState::finished)}).ready);
  const Readiness state = readiness({pipeline("a", RunState::running), pipeline("b", RunState::stopped)});
  CHECK_FALSE(state.ready);
  const auto json = nlohmann::json::parse(state.json);
  CHECK(json.at("pipelines").at("a").at("ready") == true);
  CHECK(json.at("pipelines").at("b").at("reason") == "It was stopped.");
}

TEST_CASE("a pipeline that spools is ready while its sink is away, and not when the spool is full") {
  PipelineSummary spooling = pipeline("a", RunState::running, 1);
  spooling.figures.sink = {1, 0, 5, 0};
  spooling.backlog.emplace();
  CHECK(not_ready_reason(spooling) == "It is starting.");
  spooling.backlog->is_filled = true;
  spooling.backlog->figures.records = 7;
  CHECK(not_ready_reason(spooling).empty());
  CHECK(health_notes(spooling) == std::vector<std::string>{"The sink is not there; 7 records wait in the spool."});
  spooling.backlog->figures.full = true;
  CHECK(not_ready_reason(spooling) == "Its spool is full: the source is held back.");
}

TEST_CASE("what a spool lost is told of a pipeline that is ready") {
  PipelineSummary spooling = pipeline("a", RunState::running);
  spooling.backlog = {{}, true, true};
  CHECK(health_notes(spooling).empty());
  spooling.backlog->figures.damaged_blocks = 1;
  spooling.backlog->figures.damaged = 12;
  spooling.backlog->figures.expired = 3;
  const Readiness state = readiness({spooling});
  CHECK(state.ready);
  const auto notes = nlohmann::json::parse(state.json).at("pipelines").at("a").at("notes");
  CHECK(notes == nlohmann::json{"The spool has put damaged blocks into quarantine: 12 records are missing.",
                                "The spool has given up 3 records by their age."});
}
