#include "pipeline/worker.h"

#include <algorithm>
#include <condition_variable>
#include <optional>

#include "pipeline/generation.h"

namespace weir::host {

using Clock = std::chrono::steady_clock;

namespace {

BacklogFigures sum(const std::optional<BacklogFigures>& past, const BacklogFigures& later) {
  if (!past) return later;
  BacklogFigures all = *past;
  all.add_later(later);
  return all;
}

}  // namespace

/// Wakes whoever waits for pipelines. Thread-safe.
class Worker::Bell {
 public:
  void ring() {
    {
      const std::lock_guard lock(mutex_);
      ++rings_;
    }
    rung_.notify_all();
  }
  [[nodiscard]] std::uint64_t rings() const {
    const std::lock_guard lock(mutex_);
    return rings_;
  }
  /// False: it did not ring since it had rung so often.
  bool wait_until(Clock::time_point until, std::uint64_t heard) {
    std::unique_lock lock(mutex_);
    return rung_.wait_until(lock, until, [&] { return rings_ != heard; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable rung_;
  std::uint64_t rings_ = 0;
};

/// What runs under one name.
struct Worker::Slot {
  std::string name;
  std::unique_ptr<Generation> current;  // null: not started yet
  std::unique_ptr<Generation> next;     // waits for all that is on its way out
  std::optional<PipelinePlan> before;   // what ran before `current`, until that has started
  bool leaving = false;                 // nothing comes after `current`
  Figures past;                         // of earlier ones
  CheckpointFigures past_checkpoints;
  std::optional<BacklogFigures> past_backlog;
  double past_seconds = 0;

  [[nodiscard]] bool ends_for_others() const { return leaving || next != nullptr; }
  [[nodiscard]] bool has_ended() const { return current == nullptr || current->ended(); }
};

Worker::Worker() : bell_(std::make_unique<Bell>()) {}

Worker::~Worker() { request_stop(); }

std::unique_ptr<Generation> Worker::make(PipelinePlan plan) {
  return std::make_unique<Generation>(std::move(plan), [bell = bell_.get()] { bell->ring(); });
}

Worker::Slot* Worker::find(const std::string& name) const {
  const auto found = std::find_if(slots_.begin(), slots_.end(), [&](const auto& slot) { return slot->name == name; });
  return found == slots_.end() ? nullptr : found->get();
}

Status Worker::add(PipelinePlan plan) {
  auto slot = std::make_unique<Slot>();
  slot->name = plan.settings.name;
  slot->current = make(std::move(plan));
  if (Status status = slot->current->build(); !status.ok()) return status;
  const std::lock_guard lock(mutex_);
  if (stop_requested_) slot->current->request_stop();
  slots_.push_back(std::move(slot));
  return {};
}

void Worker::start() {
  for (auto& slot : slots_) slot->current->start();
}

bool Worker::wait_for(std::chrono::milliseconds timeout) {
  const auto until = Clock::now() + timeout;
  while (true) {
    const std::uint64_t heard = bell_->rings();
    {
      const std::lock_guard lock(mutex_);
      tend();
      if (all_ended()) return true;
    }
    if (woken_.exchange(false) || !bell_->wait_until(until, heard)) return false;
  }
}

void Worker::request_stop() noexcept {
  const std::lock_guard lock(mutex_);
  stop_requested_ = true;
  for (auto& slot : slots_) {
    if (slot->current != nullptr) slot->current->request_stop();
  }
}

void Worker::wake() noexcept {
  woken_.store(true);
  bell_->ring();
}

bool Worker::runs(const std::string& name, const std::string& version) const {
  const std::lock_guard lock(mutex_);
  const Slot* const slot = find(name);
  if (slot == nullptr || slot->leaving) return false;
  if (slot->next != nullptr) return slot->next->plan().version == version;
  return slot->current->plan().version == version && slot->current->summary().outcome.state != RunState::failed;
}

std::vector<std::string> Worker::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& slot : slots_) {
    if (!slot->leaving) names.push_back(slot->name);
  }
  return names;
}

Status Worker::stage(PipelinePlan plan) {
  {
    const std::lock_guard lock(mutex_);
    const Slot* const slot = find(plan.settings.name);
    const PipelinePlan* const running = slot == nullptr || slot->has_ended() ? nullptr : &slot->current->plan();
    if (running != nullptr && !running->spool.empty() && running->spool != plan.spool) {
      return Status::config(
          "The pipeline " + slot->name + " cannot leave its spool " + running->spool +
          " while it runs: what waits there would stay. Let it run empty, stop it and start it again.");
    }
    if (running != nullptr && !running->settings.source_resumable) {
      return Status::config("The pipeline " + slot->name +
                            " cannot be changed while it runs: its source does not give again what it has read ahead. "
                            "Stop it and start it again.");
    }
  }
  auto generation = make(std::move(plan));
  if (Status status = generation->build(); !status.ok()) return status;
  staged_.push_back(std::move(generation));
  return {};
}

void Worker::drop_staged() { staged_.clear(); }

void Worker::commit(const std::vector<std::string>& leaving) {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : leaving) {
    Slot* const slot = find(name);
    if (slot == nullptr) continue;
    slot->leaving = true;
    slot->next.reset();
    slot->before.reset();
    if (slot->current != nullptr) slot->current->request_stop();
  }
  for (auto& generation : staged_) {
    const std::string& name = generation->plan().settings.name;
    Slot* slot = find(name);
    if (slot == nullptr) {
      slot = slots_.emplace_back(std::make_unique<Slot>()).get();
      slot->name = name;
    }
    slot->leaving = false;
    if (slot->current != nullptr) slot->current->request_stop();
    if (!stop_requested_) slot->next = std::move(generation);
  }
  staged_.clear();
  bell_->ring();
}

/// New ones start when all that stops for a reload has ended: they may take over each other's files.
void Worker::tend() {
  for (auto& slot : slots_) {
    if (slot->before && slot->current->took_over()) slot->before.reset();
    if (slot->before && slot->current->ended() && !slot->ends_for_others() && !stop_requested_) take_back(*slot);
    if (stop_requested_) slot->next.reset();
  }
  const bool free = std::all_of(slots_.begin(), slots_.end(),
                                [](const auto& slot) { return !slot->ends_for_others() || slot->has_ended(); });
  if (!free) return;
  for (auto& slot : slots_) {
    if (slot->next == nullptr) continue;
    take_over(*slot, std::move(slot->next));
    Log().with("pipeline", slot->name).info("The new configuration takes over.");
  }
  std::erase_if(slots_, [](const auto& slot) { return slot->current == nullptr; });
}

/// The old one has ended.
void Worker::take_over(Slot& slot, std::unique_ptr<Generation> next) {
  if (slot.current != nullptr) {
    const bool had_started = slot.current->took_over();
    PipelineSummary ended = slot.current->summary();
    ended.figures.add_counts(slot.past);
    slot.past = ended.figures;
    if (ended.backlog) slot.past_backlog = sum(slot.past_backlog, ended.backlog->figures);
    slot.past_checkpoints.add_counts(ended.checkpoint);
    slot.past_seconds += ended.seconds;
    const bool failed = ended.outcome.state == RunState::failed;
    if (had_started && failed) slot.before.reset();
    if (!failed && (had_started || !slot.before)) slot.before.emplace(slot.current->plan());
    slot.current.reset();
  }
  slot.current = std::move(next);
  slot.current->start();
}

/// The new one has failed before all of it had started.
void Worker::take_back(Slot& slot) {
  auto old = make(*std::exchange(slot.before, std::nullopt));
  if (Status status = old->build(); !status.ok()) return;  // the pipeline stays failed
  take_over(slot, std::move(old));
  slot.before.reset();
  Log().with("pipeline", slot.name).error("The new configuration failed to start; what ran before runs again.");
}

bool Worker::all_ended() const {
  return std::all_of(slots_.begin(), slots_.end(),
                     [](const auto& slot) { return slot->has_ended() && slot->next == nullptr; });
}

std::vector<PipelineSummary> Worker::summaries() const {
  const std::lock_guard lock(mutex_);
  std::vector<PipelineSummary> summaries;
  for (const auto& slot : slots_) {
    PipelineSummary& summary = summaries.emplace_back();
    summary.name = slot->name;
    if (slot->current != nullptr) summary = slot->current->summary();
    summary.figures.add_counts(slot->past);
    summary.checkpoint.add_counts(slot->past_checkpoints);
    if (summary.backlog) summary.backlog->figures = sum(slot->past_backlog, summary.backlog->figures);
    summary.ledger = summary.figures.ledger;
    summary.seconds += slot->past_seconds;
  }
  return summaries;
}

int Worker::exit_code() const {
  const auto all = summaries();
  return std::any_of(all.begin(), all.end(), [](const PipelineSummary& each) {
    return each.outcome.state == RunState::failed || !each.outcome.exact;
  });
}

}  // namespace weir::host
