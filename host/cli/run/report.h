#pragma once
#include <string>
#include <vector>

#include "errors/status.h"
#include "pipeline/worker.h"

namespace weir::host::cli {

/// The ledger of a run as --report writes it (design section 6).
[[nodiscard]] std::string report_json(const std::vector<PipelineSummary>& summaries, int exit_code);

/// The same of a run that goes on, and beside each pipeline's books what it does now: what /pipelines serves.
[[nodiscard]] std::string pipelines_json(const std::vector<PipelineSummary>& summaries);

/// Whether FILE can be written, found out before the run: makes it when it is missing.
[[nodiscard]] Status check_report(const std::string& file);
[[nodiscard]] Status write_report(const std::string& file, const std::string& json);

/// "finished", "stopped", "failed", "running".
[[nodiscard]] const char* state_name(RunState state);

/// One log line a pipeline: how it ended, and its books.
void log_summaries(const std::vector<PipelineSummary>& summaries);

}  // namespace weir::host::cli
