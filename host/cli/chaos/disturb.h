#pragma once
#include <chrono>
#include <functional>
#include <vector>

#include "cli/chaos/one_run.h"
#include "cli/chaos/result.h"
#include "cli/chaos/schedule.h"

namespace weir::host::cli::chaos {

/// Does faults to a run whose worker runs, and starts the worker again after each kill. All outlive it.
class Disturber {
 public:
  using Milliseconds = std::chrono::milliseconds;

  struct Setup {
    std::function<double()> progress;  // how much of what is expected has arrived, from 0 to 1
    Milliseconds start_time{0};        // until a worker puts its first message
    Milliseconds longest_delay{0};     // of a kill, once it is due
    Milliseconds patience{0};          // for something to arrive
  };

  Disturber(OneRun& run, Setup setup) : run_(run), setup_(std::move(setup)) {}

  /// In order, until the worker ends by itself, nothing arrives any more, or there is trouble.
  void apply(const std::vector<Fault>& faults);
  [[nodiscard]] const FaultCounts& counts() const { return counts_; }

 private:
  [[nodiscard]] bool apply(const Fault& fault);
  [[nodiscard]] bool freeze(const Fault& fault);
  [[nodiscard]] bool kill();
  [[nodiscard]] bool let_run(Milliseconds time);

  OneRun& run_;
  const Setup setup_;
  FaultCounts counts_;
};

}  // namespace weir::host::cli::chaos
