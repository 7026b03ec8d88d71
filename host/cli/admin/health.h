#pragma once
#include <string>
#include <vector>

#include "pipeline/worker.h"

namespace weir::host::cli {

/// Why the pipeline cannot be said to do its work; empty: it runs with all its components started, or has finished. Never record data.
[[nodiscard]] std::string not_ready_reason(const PipelineSummary& summary);

/// What an operator should know of a pipeline that does its work all the same: its spool fills, or lost records.
[[nodiscard]] std::vector<std::string> health_notes(const PipelineSummary& summary);

struct Readiness {
  bool ready = false;
  std::string
      json;  // {"ready": false, "pipelines": {"NAME": {"ready": false, "state": "running", "reason": "…", "notes": ["…"]}}}
};
/// Of all pipelines together.
[[nodiscard]] Readiness readiness(const std::vector<PipelineSummary>& summaries);

}  // namespace weir::host::cli
