#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/store.h"
#include "pipeline/backlog.h"
#include "pipeline/figures.h"
#include "pipeline/outcome.h"
#include "pipeline/overflow.h"
#include "pipeline/settings.h"
#include "pipeline/task_parts.h"

namespace weir::host {

/// A pipeline as the command line hands it over.
struct PipelinePlan {
  PipelineSettings settings;
  std::string version;  // equal ones are the same pipeline, down to the code it runs
  std::string spool;    // where it keeps its backlog; empty: it has no spool
  /// Where positions of its source are kept; empty: nowhere. Called once for each start of the plan.
  std::function<std::unique_ptr<CheckpointStore>()> open_store;
  /// With a spool: what lies between the two legs, and where the position in it is kept. Likewise.
  std::function<std::unique_ptr<Backlog>()> open_backlog;
  std::function<std::unique_ptr<CheckpointStore>()> open_backlog_store;
  /// Where dead letters are kept that their sink refuses; empty: such a record fails the pipeline. Called once for each start of the plan.
  std::function<std::unique_ptr<Overflow>()> open_overflow;
  /// Makes the components of one task, without the spool's; called for each task by Worker::add or stage, on its thread, and again by
  /// wait_for when the plan comes back. Touches nothing outside.
  std::function<Result<TaskParts>(const TaskSeat&)> build;
};

/// What a pipeline's spool does.
struct BacklogSummary {
  BacklogFigures figures;
  bool is_filled = false;   // every task that writes it has come through its start
  bool is_emptied = false;  // the task that reads it has
};

/// What the report and the end of a run say about a pipeline.
struct PipelineSummary {
  std::string name;
  Outcome outcome;  // of all tasks together: failed before stopped before finished
  Ledger ledger;    // sum over its tasks, and over what ran under its name before
  Figures figures;  // of all its tasks, with the same books; what is counted, also of what ran before
  CheckpointFigures checkpoint;
  std::optional<BacklogSummary> backlog;  // none: it has no spool
  std::shared_ptr<Tap> tap;               // of what runs now; null: nobody may look
  double seconds = 0;                     // from start() to the end of its last task, or until now
};

/// The process's running part: every pipeline with its tasks, one thread a task and one a pipeline for checkpoints. One pipeline
/// that fails leaves the others running; a task that fails stops the other tasks of its pipeline. Order of calls:
///
///   add*  start  (wait_for | stage* (commit | drop_staged) | summaries | request_stop | wake)*  destructor
///
/// [control] but for what is marked. A stop that is asked for early holds for what is added and started later.
///
/// A reload stages changed pipelines, which touches nothing, and commits all of them or none. From then on wait_for() does the rest:
/// what is replaced or leaves stops reading and settles what it has read, within its shutdown_timeout; when all of these have ended, the new
/// ones start from the positions that were stored. A new one that fails before every component of it has started is
/// replaced by what ran before.
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
  /// Waits until every pipeline ended, at most that long or until wake(); whether they did.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds timeout);
  /// As SIGTERM, for every pipeline. Returns at once; wait_for says when they are done (each within its shutdown_timeout, plus what
  /// a call into a plugin takes). [any], but not from a signal handler: it locks
  void request_stop() noexcept;
  /// wait_for returns soon. [any], likewise
  void wake() noexcept;

  /// Whether that is what runs, or will, under the name: then there is nothing to reload. One that failed does not.
  [[nodiscard]] bool runs(const std::string& name, const std::string& version) const;
  [[nodiscard]] std::vector<std::string> names() const;
  /// Builds what is to replace the pipeline of that name, or to run beside the others. Not OK: what plan.build said, or what has the name
  /// cannot be replaced while it runs, since its source does not give again what it has read ahead, or its spool would be left.
  [[nodiscard]] Status stage(PipelinePlan plan);
  void drop_staged();
  /// What was staged is to run from here on, and what `leaving` names is not.
  void commit(const std::vector<std::string>& leaving);

  /// [any]
  [[nodiscard]] std::vector<PipelineSummary> summaries() const;
  /// When all ended: 0, or 1 when a pipeline failed or a stopped one leaves records that nobody will read again.
  [[nodiscard]] int exit_code() const;

 private:
  class Bell;
  struct Slot;

  std::unique_ptr<class Generation> make(PipelinePlan plan);
  Slot* find(const std::string& name) const;
  void tend();
  void take_over(Slot& slot, std::unique_ptr<Generation> next);
  void take_back(Slot& slot);
  [[nodiscard]] bool all_ended() const;

  std::unique_ptr<Bell> bell_;  // rung by the last task of a pipeline, and by wake()
  std::atomic<bool> woken_{false};
  mutable std::mutex mutex_;  // guards what is below
  bool stop_requested_ = false;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<std::unique_ptr<Generation>> staged_;
};

}  // namespace weir::host
