#include "cli/run/report.h"

#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/admin/health.h"
#include "observe/log.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const PipelineSummary& summary) {
  const Ledger& ledger = summary.ledger;
  return {{"state", state_name(summary.outcome.state)},
          {"read", ledger.read},
          {"cloned", ledger.cloned},
          {"delivered", ledger.delivered},
          {"filtered", ledger.filtered},
          {"dead_lettered", ledger.dead_lettered},
          {"dropped", ledger.dropped},
          {"merged", ledger.merged},
          {"expired", ledger.expired},
          {"in_flight", ledger.in_flight},
          {"backlog_start", ledger.backlog_start},
          {"backlog_end", ledger.backlog_end},
          {"seconds", std::round(summary.seconds * 1000) / 1000},
          {"error", summary.outcome.error.empty() ? Json(nullptr) : Json(summary.outcome.error)}};
}

double seconds_of(Figures::Clock::duration time) { return std::chrono::duration<double>(time).count(); }

Json sink_json(const SinkFigures& sink) {
  return {
      {"tasks", sink.count}, {"up", sink.up}, {"failed_starts", sink.failed_starts}, {"given_back", sink.given_back}};
}

Json spool_json(const BacklogFigures& spool) {
  return {{"records", spool.records},
          {"oldest_age_seconds", seconds_of(spool.oldest_age)},
          {"bytes", spool.bytes},
          {"bytes_limit", spool.bytes_limit},
          {"segments", spool.segments},
          {"full", spool.full},
          {"spooled", spool.spooled},
          {"taken", spool.taken},
          {"expired", spool.expired},
          {"damaged", spool.damaged},
          {"damaged_blocks", spool.damaged_blocks}};
}

Json now_json(const PipelineSummary& summary) {
  const Figures& figures = summary.figures;
  Json now{{"ready", not_ready_reason(summary).empty()},
           {"tasks", figures.tasks},
           {"tasks_started", figures.started},
           {"oldest_record_age_seconds", seconds_of(figures.oldest_age)},
           {"memory_bytes", figures.memory},
           {"memory_limit_bytes", figures.memory_limit},
           {"sink", sink_json(figures.sink)},
           {"dead_letter_sink", sink_json(figures.dead_letter_sink)},
           {"source_retries", figures.source_retries},
           {"checkpoint_stores", summary.checkpoint.stores},
           {"checkpoint_failures", summary.checkpoint.failures}};
  if (summary.backlog) {
    now["spool"] = spool_json(summary.backlog->figures);
    now["spool"]["sink"] = sink_json(figures.spool_sink);
  }
  return now;
}

Status cannot_write(const std::string& file) {
  return Status::fatal("The report cannot be written to " + file + ": " + std::strerror(errno) + ".");
}

}  // namespace

std::string report_json(const std::vector<PipelineSummary>& summaries, int exit_code) {
  Json pipelines = Json::object();
  for (const PipelineSummary& summary : summaries) pipelines[summary.name] = to_json(summary);
  return Json{{"pipelines", pipelines}, {"exit", exit_code}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string pipelines_json(const std::vector<PipelineSummary>& summaries) {
  Json pipelines = Json::object();
  for (const PipelineSummary& summary : summaries) {
    pipelines[summary.name] = to_json(summary);
    pipelines[summary.name]["now"] = now_json(summary);
  }
  return Json{{"pipelines", pipelines}}.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Status check_report(const std::string& file) {
  if (std::ofstream(file, std::ios::app).good()) return {};
  return cannot_write(file);
}

Status write_report(const std::string& file, const std::string& json) {
  std::ofstream out(file, std::ios::trunc);
  if ((out << json).flush()) return {};
  return cannot_write(file);
}

const char* state_name(RunState state) {
  switch (state) {
    case RunState::running:
      return "running";
    case RunState::finished:
      return "finished";
    case RunState::stopped:
      return "stopped";
    case RunState::failed:
      return "failed";
  }
  return "unknown";
}

void log_summaries(const std::vector<PipelineSummary>& summaries) {
  for (const PipelineSummary& summary : summaries) {
    const Ledger& ledger = summary.ledger;
    Log log = Log().with("pipeline", summary.name).with("state", state_name(summary.outcome.state));
    for (const LedgerTerm& term : ledger_terms()) log = log.with(term.name, ledger.*term.count);
    log.info("The books of the pipeline.",
             {{"balanced", ledger.balanced() ? "yes" : "no"}, {"seconds", summary.seconds}});
  }
}

}  // namespace weir::host::cli
