#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "pipeline/chain.h"
#include "pipeline/task_parts.h"

namespace weir::host {

/// The transforms of one task on threads of their own, each with its own instances: slices go in one after the other, are worked on
/// side by side, and come out in the order in which they went in. For transforms without a state: none holds or is flushed, timers
/// make no records. A slice in here is nobody else's, its origins neither. Order of calls, all [task]:
///
///   start  (has_room submit | take)*  stop  take*
class TransformPool {
 public:
  /// What it needs of the task. All outlive the pool.
  struct Surroundings {
    const SliceHome* home = nullptr;       // its engine gets the documents of slices that come out
    std::function<void()> wake;            // [any] take() has something new
    std::function<std::int64_t()> now_ms;  // [any] wall clock
    Chain::Pause pause;                    // waits between two tries at starting
    Tap* tap = nullptr;                    // what all its chains let watch
  };

  /// A thread for each of `threads`, which outlive the pool.
  TransformPool(std::span<ChainParts> threads, Chain::Retry retry, Surroundings task, const Log& log);
  ~TransformPool();
  TransformPool(const TransformPool&) = delete;
  TransformPool& operator=(const TransformPool&) = delete;

  /// Starts the transforms, as Chain::start, then the threads.
  [[nodiscard]] Status start();
  /// Waits for calls that run, no longer; the transforms stop. What take() gives afterwards may not have passed them all: E_RETRY.
  void stop() noexcept;

  /// Some slices for each thread, so that none waits for the task.
  [[nodiscard]] bool has_room() const { return size_ < 4 * chains_.size(); }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  void submit(Slice& slice);

  struct Result {
    Slice* slice;
    Status status;  // as Chain::run
  };
  /// The oldest slice, when it has passed.
  [[nodiscard]] std::optional<Result> take();
  /// Not OK: a timer failed since the last call, and the pipeline with it.
  [[nodiscard]] Status take_trouble();

 private:
  struct Job {
    Slice* slice;
    Status status;
    bool done = false;
  };

  void work(std::size_t thread);
  void run(Chain& chain, Job& job, std::unique_lock<std::mutex>& lock);
  void run_timers(std::size_t thread, Slice& slice, std::unique_lock<std::mutex>& lock);
  void wait(const Chain& chain, std::unique_lock<std::mutex>& lock);
  bool pause(Milliseconds time);

  const std::span<ChainParts> parts_;
  const Surroundings task_;
  std::deque<Chain> chains_;  // do not move
  std::vector<std::thread> threads_;
  std::size_t size_ = 0;  // slices in it

  std::mutex mutex_;  // guards what is below
  std::condition_variable queued_;
  std::condition_variable stopped_;
  std::deque<Job> jobs_;   // in order; do not move
  std::size_t begun_ = 0;  // so many of them, from the front, some thread has taken
  Status trouble_;
  bool running_ = false;
  bool stopping_ = false;
};

}  // namespace weir::host
