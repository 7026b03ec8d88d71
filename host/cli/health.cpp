#include "cli/health.h"

#include <nlohmann/json.hpp>

#include "cli/report.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

std::string not_ready_reason(const PipelineSummary& summary) {
  const Figures& figures = summary.figures;
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
  if (figures.started == figures.tasks && figures.tasks > 0) return {};
  if (figures.sink.failed_starts > 0 && figures.sink.up < figures.sink.count)
    return "It is starting: the sink is not there yet.";
  return "It is starting.";
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
  }
  const Json whole{{"ready", ready}, {"pipelines", pipelines}};
  return {ready, whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"};
}

}  // namespace weir::host::cli
