#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "observe/log.h"
#include "pipeline/leg.h"
#include "pipeline/worker.h"

namespace weir::host {

/// A pipeline as one plan has it: its tasks and their checkpoints, in one leg or, with a spool, in two. A changed plan makes another
/// one, which starts where this one has ended. [control] but for what is marked.
class Generation {
 public:
  /// `ended`: called once, by the last task that ends. [any]
  Generation(PipelinePlan plan, std::function<void()> ended);
  /// Stops what runs and waits for it.
  ~Generation();
  Generation(const Generation&) = delete;
  Generation& operator=(const Generation&) = delete;

  /// Makes the components. Not OK: what plan.build said.
  [[nodiscard]] Status build();
  /// Loads the positions and starts the threads. A checkpoint that cannot be read ends it as failed.
  void start();
  /// [any] As SIGTERM. Holds for a start that comes later.
  void request_stop() noexcept;

  [[nodiscard]] const PipelinePlan& plan() const { return plan_; }
  /// [any]
  [[nodiscard]] bool ended() const;
  /// [any] Every component of every task came through its start.
  [[nodiscard]] bool took_over() const;
  /// [any]
  [[nodiscard]] PipelineSummary summary() const;

 private:
  using Clock = std::chrono::steady_clock;

  void add_leg(LegKind kind, const std::function<std::unique_ptr<CheckpointStore>()>& open_store);
  [[nodiscard]] Result<TaskParts> build_task(const TaskSeat& seat);
  void start_leg(Leg& leg);
  void task_ended(const Leg& leg, const Outcome& outcome);
  void end_with(const Outcome& outcome);
  void check_books() const;
  void say_how_it_ended() const;
  [[nodiscard]] Figures figures() const;
  void add_backlog(PipelineSummary& summary, bool at_end) const;

  const PipelinePlan plan_;  // outlives the components, which it may own something of
  const PipelineSettings& settings_ = plan_.settings;
  Log log_;
  const std::unique_ptr<Overflow> overflow_;  // null: none
  const std::unique_ptr<Backlog> backlog_;    // null: no spool
  std::function<void()> on_end_;
  std::vector<std::unique_ptr<Leg>> legs_;  // the first one reads the pipeline's source
  Clock::time_point started_{};
  mutable std::mutex mutex_;  // guards what is below
  Clock::time_point ended_at_{};
  Outcome outcome_;
  Outcome outcome_of_first_;         // of the tasks of the first leg
  std::uint32_t running_ = 0;        // tasks
  std::uint32_t first_running_ = 0;  // of these, those of the first leg
  bool ended_ = false;
};

}  // namespace weir::host
