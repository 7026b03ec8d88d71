#include "pipeline/checkpointer.h"

#include <algorithm>

namespace weir::host {

Checkpointer::Checkpointer(std::unique_ptr<CheckpointStore> store, std::uint32_t tasks, Milliseconds interval)
    : store_(std::move(store)), interval_(interval), finished_(tasks, false) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status Checkpointer::load() {
  if (store_ == nullptr) return {};
  Result<Checkpoint> loaded = store_->load();
  if (!loaded) return loaded.status();
  latest_ = *std::move(loaded);
  was_finished_ = latest_.finished;
  thread_ = std::thread([this] { run(); });
  return {};
}

std::optional<std::string> Checkpointer::stored(std::string_view partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = latest_.positions.find(std::string(partition));
  if (found == latest_.positions.end()) return std::nullopt;
  return found->second;
}

bool Checkpointer::was_finished() const {
  const std::lock_guard lock(mutex_);
  return was_finished_;
}

void Checkpointer::submit(std::uint32_t task, const std::vector<Position>& positions, bool finished) {
  {
    const std::lock_guard lock(mutex_);
    bool changed = false;
    for (const auto& [partition, offset] : positions) {
      std::string& latest = latest_.positions[partition];
      changed = changed || latest != offset;
      latest = offset;
    }
    finished_[task] = finished;
    const bool all_finished = std::all_of(finished_.begin(), finished_.end(), [](bool each) { return each; });
    changed = changed || latest_.finished != all_finished;
    latest_.finished = all_finished;
    if (!changed) return;
    if (stored_ == submitted_ && store_ != nullptr) figures_.pending_since = std::chrono::steady_clock::now();
    ++submitted_;
  }
  changed_.notify_all();
}

Status Checkpointer::flush() {
  std::unique_lock lock(mutex_);
  if (!thread_.joinable()) return failure_;
  const std::uint64_t wanted = submitted_;
  ++waiters_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return stored_ >= wanted || !failure_.ok(); });
  --waiters_;
  return failure_;
}

Status Checkpointer::health() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

CheckpointFigures Checkpointer::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

void Checkpointer::run() {
  std::unique_lock lock(mutex_);
  auto next = std::chrono::steady_clock::now();
  while (true) {
    changed_.wait(lock, [this] { return ending_ || (failure_.ok() && stored_ < submitted_); });
    changed_.wait_until(lock, next, [this] { return ending_ || waiters_ > 0; });
    next = std::chrono::steady_clock::now() + interval_;
    if (failure_.ok() && stored_ < submitted_) store_once(lock);
    if (ending_ && (stored_ >= submitted_ || !failure_.ok())) return;
  }
}

void Checkpointer::store_once(std::unique_lock<std::mutex>& lock) {
  const Checkpoint checkpoint = latest_;
  const std::uint64_t version = submitted_;
  lock.unlock();
  const auto taken_at = std::chrono::steady_clock::now();
  Status status = store_->store(checkpoint);
  lock.lock();
  if (status.ok()) {
    stored_ = version;
    ++figures_.stores;
    figures_.stored_at = std::chrono::steady_clock::now();
    figures_.pending_since = stored_ == submitted_ ? CheckpointFigures::Clock::time_point{} : taken_at;
  } else {
    ++figures_.failures;
    failure_ = std::move(status);
  }
  changed_.notify_all();
}

}  // namespace weir::host
