#pragma once
#include <memory>
#include <string>

#include "errors/status.h"
#include "observe/log.h"
#include "pipeline/checkpointer.h"
#include "pipeline/ledger.h"
#include "pipeline/settings.h"
#include "pipeline/task_parts.h"

namespace weir::host {

enum class RunState { running, finished, stopped, failed };

/// How a task or pipeline ended.
struct Outcome {
  RunState state = RunState::running;
  std::string error;   // of a failed one, or of a stopped one that leaves records behind; never record data
  bool exact = true;   // whatever is still in flight will be read again from its source
};

/// One running copy of a pipeline: one thread that polls, transforms, puts and settles. Built in three steps, since components need
/// the positions before they exist:
///
///   Task task(settings, 0, checkpointer, log);          [control]
///   task.equip(build(task.seat()));                     [control] the components' constructors run here
///   Outcome outcome = task.run();                       [task] start, loop, flush, stop of every component
///   task is destroyed                                   [control]
///
/// What settings, checkpointer and log refer to outlives the task.
class Task {
 public:
  Task(const PipelineSettings& settings, std::uint32_t number, Checkpointer& checkpointer, Log log);
  ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  [[nodiscard]] TaskSeat seat();
  /// Once, before run().
  void equip(TaskParts parts);

  /// Runs until the source is exhausted and all is settled, a stop was asked for, or something failed. Once.
  [[nodiscard]] Outcome run();

  /// [any] As SIGTERM (design section 7): stop polling, flush held records, wait up to shutdown_timeout, checkpoint. Returns at once.
  void request_stop() noexcept;
  /// [any] The books, at most a quarter of a second old while it runs, exact after run().
  [[nodiscard]] Ledger ledger() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace weir::host
