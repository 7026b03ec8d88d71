#include "pipeline/leg.h"

#include <algorithm>

namespace weir::host {

Leg::Leg(PipelineSettings settings, std::unique_ptr<CheckpointStore> store, Log log)
    : settings_(std::move(settings)),
      log_(std::move(log)),
      checkpointer_(std::move(store), settings_.tasks, settings_.offsets_interval) {}

Status Leg::build(const Build& build) {
  for (std::uint32_t number = 0; number < settings_.tasks; ++number) {
    const Log log = settings_.tasks == 1 ? log_ : log_.with("task", number);
    tasks_.push_back(std::make_unique<Task>(settings_, number, checkpointer_, log));
    Result<TaskParts> parts = build(tasks_.back()->seat());
    if (!parts) return parts.status();
    tasks_.back()->equip(*std::move(parts));
  }
  return {};
}

void Leg::start(const std::function<void(const Outcome&)>& ended) {
  for (auto& task : tasks_) {
    threads_.emplace_back([ended, &task = *task] { ended(task.run()); });
  }
}

void Leg::request_stop() noexcept {
  for (auto& task : tasks_) task->request_stop();
}

void Leg::join() {
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Leg::has_started() const {
  return std::all_of(tasks_.begin(), tasks_.end(), [](const auto& task) { return task->has_started(); });
}

Figures Leg::figures() const {
  Figures figures;
  for (const auto& task : tasks_) figures += task->figures();
  return figures;
}

}  // namespace weir::host
