#pragma once
#include <string>
#include <vector>

#include "observe/metrics.h"
#include "pipeline/worker.h"

namespace weir::host::cli {

/// How often people looked at a pipeline's records.
struct TapFigures {
  std::string pipeline;
  std::uint64_t copied = 0;
  std::uint64_t missed = 0;
};

/// All that /metrics shows, as docs/metrics.md lists it: made anew for each scrape from what the tasks last showed.
[[nodiscard]] std::vector<observe::Metric> collect_metrics(const std::vector<PipelineSummary>& summaries,
                                                           const std::vector<TapFigures>& taps);

}  // namespace weir::host::cli
