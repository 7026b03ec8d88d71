#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "observe/log.h"
#include "pipeline/checkpointer.h"
#include "pipeline/task.h"
#include "pipeline/worker.h"

namespace weir::host {

/// A pipeline as one plan has it: its tasks, their threads and its checkpoints. A changed plan makes another one, which starts where
/// this one has ended. [control] but for what is marked.
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

  void task_ended(const Outcome& outcome);
  void say_how_it_ended() const;
  [[nodiscard]] bool has_read_nothing() const;

  const PipelinePlan plan_;  // outlives the components, which it may own something of
  const PipelineSettings& settings_ = plan_.settings;
  Log log_;
  Checkpointer checkpointer_;
  const std::unique_ptr<Overflow> overflow_;  // null: none
  std::function<void()> on_end_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<std::thread> threads_;
  Clock::time_point started_{};
  mutable std::mutex mutex_;  // guards what is below
  Clock::time_point ended_at_{};
  Outcome outcome_;
  std::uint32_t running_ = 0;
  bool ended_ = false;
};

}  // namespace weir::host
