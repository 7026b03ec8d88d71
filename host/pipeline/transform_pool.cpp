#include "pipeline/transform_pool.h"

#include <algorithm>

#include "json/engine.h"

namespace weir::host {
namespace {

constexpr std::int64_t kLongestWait = 1000;  // ms: the wall clock may be set meanwhile

}  // namespace

TransformPool::TransformPool(std::span<ChainParts> threads, Chain::Retry retry, Surroundings task, const Log& log)
    : parts_(threads), task_(std::move(task)) {
  for (ChainParts& parts : parts_) {
    chains_.emplace_back(
        parts.stages, parts.json.get(), retry, [this](Milliseconds time) { return pause(time); }, log);
    chains_.back().let_watch(task_.tap);
  }
}

TransformPool::~TransformPool() { stop(); }

Status TransformPool::start() {
  for (Chain& chain : chains_) {
    if (Status status = chain.start(); !status.ok()) return status;
  }
  running_ = true;
  for (std::size_t thread = 0; thread < chains_.size(); ++thread) {
    threads_.emplace_back([this, thread] { work(thread); });
  }
  return {};
}

void TransformPool::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  queued_.notify_all();
  stopped_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  for (Chain& chain : chains_) chain.stop();
}

void TransformPool::submit(Slice& slice) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({&slice, {}});
  }
  ++size_;
  queued_.notify_one();
}

std::optional<TransformPool::Result> TransformPool::take() {
  const std::lock_guard lock(mutex_);
  if (jobs_.empty() || !(jobs_.front().done || stopping_)) return std::nullopt;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  if (begun_ > 0) --begun_;
  --size_;
  return Result{job.slice, job.done ? std::move(job.status) : Status::retry("stopped before it")};
}

Status TransformPool::take_trouble() {
  const std::lock_guard lock(mutex_);
  return std::exchange(trouble_, {});
}

void TransformPool::work(std::size_t thread) {
  Chain& chain = chains_[thread];
  Slice for_timers(*task_.home);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (chain.next_tick() != Chain::kNever && chain.next_tick() <= task_.now_ms()) {
      run_timers(thread, for_timers, lock);
    } else if (begun_ < jobs_.size()) {
      run(chain, jobs_[begun_++], lock);
    } else {
      wait(chain, lock);
    }
  }
}

void TransformPool::run(Chain& chain, Job& job, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  Status status = chain.run(*job.slice);
  if (task_.home->json != nullptr) task_.home->json->adopt(*job.slice);
  lock.lock();
  job.status = std::move(status);
  job.done = true;
  if (&job != &jobs_.front()) return;  // whoever finishes the oldest wakes the task for those behind it
  lock.unlock();
  task_.wake();
  lock.lock();
}

void TransformPool::run_timers(std::size_t thread, Slice& slice, std::unique_lock<std::mutex>& lock) {
  lock.unlock();
  Chain& chain = chains_[thread];
  const std::int64_t now = task_.now_ms();
  Status status;
  for (std::size_t stage = 0; stage < chain.stages() && status.ok(); ++stage) {
    if (!chain.is_due(stage, now)) continue;
    status = chain.tick(stage, slice, now);
    if (slice.records().empty()) continue;
    status = Status::fatal("transform '" + parts_[thread].stages[stage].name +
                           "' calls itself stateless, and its timer made a record");
    slice.recycle();
  }
  lock.lock();
  if (status.ok() || status.code() == WEIR_E_RETRY) return;  // that one: it is to stop
  trouble_ = std::move(status);
  lock.unlock();
  task_.wake();
  lock.lock();
}

void TransformPool::wait(const Chain& chain, std::unique_lock<std::mutex>& lock) {
  const std::int64_t next = chain.next_tick();
  if (next == Chain::kNever) return queued_.wait(lock);
  queued_.wait_for(lock, Milliseconds(std::clamp<std::int64_t>(next - task_.now_ms(), 1, kLongestWait)));
}

bool TransformPool::pause(Milliseconds time) {
  if (!running_) return task_.pause(time);
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, time, [this] { return stopping_; });
}

}  // namespace weir::host
