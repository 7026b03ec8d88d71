#include "pipeline/worker.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "pipeline/task.h"

namespace weir::host {
namespace {

using Clock = std::chrono::steady_clock;

/// Of two tasks' outcomes the one that counts for the pipeline.
void combine(Outcome& into, const Outcome& task) {
  into.exact = into.exact && task.exact;
  if (into.error.empty() || (task.state == RunState::failed && into.state != RunState::failed)) into.error = task.error;
  into.state = std::max(into.state, task.state);  // running < finished < stopped < failed
}

}  // namespace

/// Wakes whoever waits for pipelines to end. Thread-safe.
class Worker::Bell {
 public:
  void ring() {
    { const std::lock_guard lock(mutex_); }
    rung_.notify_all();
  }
  template <typename Done>
  bool wait_for(std::chrono::milliseconds timeout, Done done) {
    std::unique_lock lock(mutex_);
    return rung_.wait_for(lock, timeout, done);
  }

 private:
  std::mutex mutex_;
  std::condition_variable rung_;
};

class Worker::Pipeline {
 public:
  Pipeline(PipelinePlan plan, Bell& bell)
      : settings_(std::move(plan.settings)),
        log_(Log().with("pipeline", settings_.name)),
        checkpointer_(std::move(plan.store), settings_.tasks, settings_.offsets_interval),
        bell_(bell) {}

  ~Pipeline() {
    request_stop();
    for (std::thread& thread : threads_) thread.join();
  }

  Status build(const std::function<Result<TaskParts>(const TaskSeat&)>& build) {
    for (std::uint32_t number = 0; number < settings_.tasks; ++number) {
      const Log log = settings_.tasks == 1 ? log_ : log_.with("task", number);
      tasks_.push_back(std::make_unique<Task>(settings_, number, checkpointer_, log));
      Result<TaskParts> parts = build(tasks_.back()->seat());
      if (!parts) return parts.status();
      tasks_.back()->equip(*std::move(parts));
    }
    return {};
  }

  void start() {
    started_ = Clock::now();
    running_ = settings_.tasks;
    if (Status status = checkpointer_.load(); !status.ok()) {
      running_ = 1;
      return task_ended({RunState::failed, status.message(), true});
    }
    for (auto& task : tasks_) {
      threads_.emplace_back([this, &task = *task] { task_ended(task.run()); });
    }
  }

  void request_stop() noexcept {
    for (auto& task : tasks_) task->request_stop();
  }

  [[nodiscard]] bool ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
  }

  [[nodiscard]] PipelineSummary summary() const {
    PipelineSummary summary;
    summary.name = settings_.name;
    for (const auto& task : tasks_) summary.ledger += task->ledger();
    const std::lock_guard lock(mutex_);
    if (ended_) summary.outcome = outcome_;
    if (started_ != Clock::time_point{}) {
      summary.seconds = std::chrono::duration<double>((ended_ ? ended_at_ : Clock::now()) - started_).count();
    }
    return summary;
  }

 private:
  void task_ended(const Outcome& outcome) {
    if (outcome.state == RunState::failed) request_stop();
    {
      const std::lock_guard lock(mutex_);
      combine(outcome_, outcome);
      if (--running_ > 0) return;
      say_how_it_ended();
      ended_ = true;
      ended_at_ = Clock::now();
    }
    bell_.ring();  // without the lock: who waits asks ended()
  }

  void say_how_it_ended() const {
    if (outcome_.state == RunState::failed) {
      log_.error("The pipeline failed.", {{"error", outcome_.error}});
    } else if (!outcome_.error.empty()) {
      log_.error("The pipeline was stopped.", {{"error", outcome_.error}});
    } else if (outcome_.state == RunState::finished && checkpointer_.was_finished() && has_read_nothing()) {
      log_.info("The source is already at the end; --fresh reads again.");
    }
  }

  [[nodiscard]] bool has_read_nothing() const {
    return std::all_of(tasks_.begin(), tasks_.end(), [](const auto& task) { return task->ledger().read == 0; });
  }

  const PipelineSettings settings_;
  Log log_;
  Checkpointer checkpointer_;
  Bell& bell_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<std::thread> threads_;
  Clock::time_point started_{};
  mutable std::mutex mutex_;  // guards what is below
  Clock::time_point ended_at_{};
  Outcome outcome_;
  std::uint32_t running_ = 0;
  bool ended_ = false;
};

Worker::Worker() : bell_(std::make_unique<Bell>()) {}

Worker::~Worker() { request_stop(); }

Status Worker::add(PipelinePlan plan) {
  const auto build = std::move(plan.build);
  auto pipeline = std::make_unique<Pipeline>(std::move(plan), *bell_);
  if (Status status = pipeline->build(build); !status.ok()) return status;
  const std::lock_guard lock(mutex_);
  if (stop_requested_) pipeline->request_stop();
  pipelines_.push_back(std::move(pipeline));
  return {};
}

void Worker::start() {
  for (auto& pipeline : pipelines_) pipeline->start();
}

bool Worker::wait_for(std::chrono::milliseconds timeout) {
  return bell_->wait_for(timeout, [this] {
    return std::all_of(pipelines_.begin(), pipelines_.end(), [](const auto& pipeline) { return pipeline->ended(); });
  });
}

void Worker::request_stop() noexcept {
  const std::lock_guard lock(mutex_);
  stop_requested_ = true;
  for (auto& pipeline : pipelines_) pipeline->request_stop();
}

std::vector<PipelineSummary> Worker::summaries() const {
  const std::lock_guard lock(mutex_);
  std::vector<PipelineSummary> summaries;
  for (const auto& pipeline : pipelines_) summaries.push_back(pipeline->summary());
  return summaries;
}

int Worker::exit_code() const {
  const auto all = summaries();
  return std::any_of(all.begin(), all.end(), [](const PipelineSummary& each) {
    return each.outcome.state == RunState::failed || !each.outcome.exact;
  });
}

}  // namespace weir::host
