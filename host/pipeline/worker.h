#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "checkpoint/store.h"
#include "pipeline/ledger.h"
#include "pipeline/outcome.h"
#include "pipeline/settings.h"
#include "pipeline/task_parts.h"

namespace weir::host {

/// A pipeline as the command line hands it over.
struct PipelinePlan {
  PipelineSettings settings;
  std::unique_ptr<CheckpointStore> store;  // null: positions are not kept
  /// Makes the components of one task; called settings.tasks times by Worker::add, on its thread. Touches nothing outside.
  std::function<Result<TaskParts>(const TaskSeat&)> build;
};

/// What the report and the end of a run say about a pipeline.
struct PipelineSummary {
  std::string name;
  Outcome outcome;     // of all tasks together: failed before stopped before finished
  Ledger ledger;       // sum over its tasks
  double seconds = 0;  // from start() to the end of its last task, or until now
};

/// The process's running part: every pipeline with its tasks, one thread a task and one a pipeline for checkpoints. One pipeline
/// that fails leaves the others running; a task that fails stops the other tasks of its pipeline. Order of calls:
///
///   add*  start  (wait_for | summaries | request_stop)*  destructor
///
/// [control] but for request_stop and summaries, which are [any] (not from a signal handler: they lock). A stop that is asked for
/// early holds for what is added and started later.
class Worker {
 public:
  Worker();
  /// Stops what still runs and waits for it.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Builds the pipeline's tasks. Not OK: what plan.build said; the worker is as before. Positions are not loaded yet.
  [[nodiscard]] Status add(PipelinePlan plan);
  /// Loads the positions and starts all. A pipeline whose checkpoint cannot be read is failed from here on, the others run.
  void start();
  /// Waits until every pipeline ended, at most that long; whether they did.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds timeout);
  /// As SIGTERM, for every pipeline. Returns at once; wait_for says when they are done (each within its shutdown_timeout, plus what
  /// a call into a plugin takes).
  void request_stop() noexcept;

  [[nodiscard]] std::vector<PipelineSummary> summaries() const;
  /// When all ended: 0, or 1 when a pipeline failed or a stopped one leaves records that nobody will read again.
  [[nodiscard]] int exit_code() const;

 private:
  class Pipeline;
  class Bell;
  std::unique_ptr<Bell> bell_;  // rung by the last task of a pipeline
  mutable std::mutex mutex_;    // guards what is below
  bool stop_requested_ = false;
  std::vector<std::unique_ptr<Pipeline>> pipelines_;
};

}  // namespace weir::host
