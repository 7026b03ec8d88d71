#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pipeline/worker.h"

namespace weir::host::cli {

/// Shows how a run gets on, on standard error: one line that is rewritten twice a second on a terminal, a log line a pipeline every
/// half minute elsewhere. [control]
class Progress {
 public:
  Progress();
  /// How often show() wants to be called.
  [[nodiscard]] std::chrono::milliseconds interval() const;
  void show(const std::vector<PipelineSummary>& summaries);
  /// Wipes the terminal's line.
  void end();

 private:
  bool terminal_;
  std::size_t width_ = 0;  // of the line that stands there
  std::map<std::string, std::uint64_t> read_before_;
  double seconds_before_ = 0;
};

/// Waits for the end of all pipelines and shows how they get on. [control]
void show_to_the_end(Worker& worker);

}  // namespace weir::host::cli
