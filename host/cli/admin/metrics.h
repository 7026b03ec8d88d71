#pragma once
#include <string>
#include <vector>

#include "cli/run/reload.h"
#include "observe/metrics.h"
#include "pipeline/worker.h"

namespace weir::host::cli {

/// All that /metrics shows, as docs/metrics.md lists it: made anew for each scrape from what the tasks last showed.
[[nodiscard]] std::vector<observe::Metric> collect_metrics(const std::vector<PipelineSummary>& summaries,
                                                           const ReloadCounts& reloads);

}  // namespace weir::host::cli
