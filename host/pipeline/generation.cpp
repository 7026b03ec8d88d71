#include "pipeline/generation.h"

#include <algorithm>

namespace weir::host {
namespace {

/// Of two tasks' outcomes the one that counts for the pipeline.
void combine(Outcome& into, const Outcome& task) {
  into.exact = into.exact && task.exact;
  if (into.error.empty() || (task.state == RunState::failed && into.state != RunState::failed)) into.error = task.error;
  into.state = std::max(into.state, task.state);  // running < finished < stopped < failed
}

}  // namespace

Generation::Generation(PipelinePlan plan, std::function<void()> ended)
    : plan_(std::move(plan)),
      log_(Log().with("pipeline", settings_.name)),
      checkpointer_(plan_.open_store ? plan_.open_store() : nullptr, settings_.tasks, settings_.offsets_interval),
      overflow_(plan_.open_overflow ? plan_.open_overflow() : nullptr),
      on_end_(std::move(ended)) {}

Generation::~Generation() {
  request_stop();
  for (std::thread& thread : threads_) thread.join();
}

Status Generation::build() {
  for (std::uint32_t number = 0; number < settings_.tasks; ++number) {
    const Log log = settings_.tasks == 1 ? log_ : log_.with("task", number);
    tasks_.push_back(std::make_unique<Task>(settings_, number, checkpointer_, log));
    Result<TaskParts> parts = plan_.build(tasks_.back()->seat());
    if (!parts) return parts.status();
    parts->overflow = overflow_.get();
    tasks_.back()->equip(*std::move(parts));
  }
  return {};
}

void Generation::start() {
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

void Generation::request_stop() noexcept {
  for (auto& task : tasks_) task->request_stop();
}

bool Generation::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

bool Generation::took_over() const {
  return std::all_of(tasks_.begin(), tasks_.end(), [](const auto& task) { return task->has_started(); });
}

PipelineSummary Generation::summary() const {
  PipelineSummary summary;
  summary.name = settings_.name;
  for (const auto& task : tasks_) summary.figures += task->figures();
  summary.ledger = summary.figures.ledger;
  summary.checkpoint = checkpointer_.figures();
  summary.tap = settings_.tap;
  const std::lock_guard lock(mutex_);
  if (ended_) summary.outcome = outcome_;
  if (started_ != Clock::time_point{}) {
    summary.seconds = std::chrono::duration<double>((ended_ ? ended_at_ : Clock::now()) - started_).count();
  }
  return summary;
}

void Generation::task_ended(const Outcome& outcome) {
  if (outcome.state == RunState::failed) request_stop();
  {
    const std::lock_guard lock(mutex_);
    combine(outcome_, outcome);
    if (--running_ > 0) return;
    say_how_it_ended();
    ended_ = true;
    ended_at_ = Clock::now();
  }
  on_end_();  // without the lock: who hears it asks ended()
}

void Generation::say_how_it_ended() const {
  if (outcome_.state == RunState::failed) {
    log_.error("The pipeline failed.", {{"error", outcome_.error}});
  } else if (!outcome_.error.empty()) {
    log_.error("The pipeline was stopped.", {{"error", outcome_.error}});
  } else if (outcome_.state == RunState::finished && checkpointer_.was_finished() && has_read_nothing()) {
    log_.info("The source is already at the end; --fresh reads again.");
  }
}

bool Generation::has_read_nothing() const {
  return std::all_of(tasks_.begin(), tasks_.end(), [](const auto& task) { return task->ledger().read == 0; });
}

}  // namespace weir::host
