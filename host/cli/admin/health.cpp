#include "cli/admin/health.h"

#include <nlohmann/json.hpp>

#include "cli/run/report.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string not_ready_reason(const PipelineSummary& summary) {
  const Figures& figures = summary.figures;
  const bool spools = summary.backlog.has_value();
  switch (summary.outcome.state) {
    case RunState::finished:
      return {};
    case RunState::stopped:
      return "It was stopped.";
    case RunState::failed:
      return "It failed: " + summary.outcome.error;
    case RunState::running:
      break;
  }
  // A spool takes records while the sink is away: that is what it is for.
  if (spools && summary.backlog->figures.full) return "Its spool is full: the source is held back.";
  if (spools && summary.backlog->is_filled) return {};
  if (figures.started == figures.tasks && figures.tasks > 0) return {};
  if (!spools && figures.sink.failed_starts > 0 && figures.sink.up < figures.sink.count)
    return "It is starting: the sink is not there yet.";
  return "It is starting.";
}

std::vector<std::string> health_notes(const PipelineSummary& summary) {
  std::vector<std::string> notes;
  if (!summary.backlog) return notes;
  const BacklogFigures& spool = summary.backlog->figures;
  const bool runs = summary.outcome.state == RunState::running;
  if (runs && (!summary.backlog->is_emptied || summary.figures.sink.up < summary.figures.sink.count))
    notes.push_back("The sink is not there; " + std::to_string(spool.records) + " records wait in the spool.");
  if (spool.damaged_blocks > 0)
    notes.push_back("The spool has put damaged blocks into quarantine: " + std::to_string(spool.damaged) +
                    " records are missing.");
  if (spool.expired > 0)
    notes.push_back("The spool has given up " + std::to_string(spool.expired) + " records by their age.");
  return notes;
}

Readiness readiness(const std::vector<PipelineSummary>& summaries) {
  Json pipelines = Json::object();
  bool ready = true;
  for (const PipelineSummary& summary : summaries) {
    const std::string reason = not_ready_reason(summary);
    ready = ready && reason.empty();
    Json& pipeline = pipelines[summary.name];
    pipeline = {{"ready", reason.empty()}, {"state", state_name(summary.outcome.state)}};
    if (!reason.empty()) pipeline["reason"] = reason;
    if (const auto notes = health_notes(summary); !notes.empty()) pipeline["notes"] = notes;
  }
  const Json whole{{"ready", ready}, {"pipelines", pipelines}};
  return {ready, whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"};
}

}  // namespace weir::host::cli
