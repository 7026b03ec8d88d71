#pragma once
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "observe/log.h"
#include "pipeline/checkpointer.h"
#include "pipeline/task.h"

namespace weir::host {

/// The tasks of one leg of a pipeline, their threads and their checkpoints. A pipeline without a spool has one. [control] but for what is
/// marked.
class Leg {
 public:
  using Build = std::function<Result<TaskParts>(const TaskSeat&)>;

  /// `store` null: positions are not kept.
  Leg(PipelineSettings settings, std::unique_ptr<CheckpointStore> store, Log log);
  ~Leg() { join(); }
  Leg(const Leg&) = delete;
  Leg& operator=(const Leg&) = delete;

  /// Makes the components of every task. Not OK: what `build` said.
  [[nodiscard]] Status build(const Build& build);
  /// Reads the positions. Once, before start().
  [[nodiscard]] Status load() { return checkpointer_.load(); }
  /// Runs the tasks. `ended`: called by each at its end. [any]
  void start(const std::function<void(const Outcome&)>& ended);
  void request_stop() noexcept;  // [any]
  /// Waits for its tasks.
  void join();

  [[nodiscard]] std::uint32_t size() const { return settings_.tasks; }
  /// [any] Every component of every task came through its start.
  [[nodiscard]] bool has_started() const;
  /// [any] Summed over its tasks.
  [[nodiscard]] Figures figures() const;
  [[nodiscard]] CheckpointFigures checkpoint() const { return checkpointer_.figures(); }  // [any]
  /// [any] The checkpoint that was loaded says that its source had ended.
  [[nodiscard]] bool was_finished() const { return checkpointer_.was_finished(); }

 private:
  const PipelineSettings settings_;
  Log log_;
  Checkpointer checkpointer_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<std::thread> threads_;
};

}  // namespace weir::host
