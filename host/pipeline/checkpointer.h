#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "checkpoint/store.h"
#include "pipeline/figures.h"

namespace weir::host {

/// Keeps the positions of one pipeline: its tasks submit what settled, a thread of its own stores the union, the latest state winning,
/// so that no task waits for a disk. Outlives the tasks.
class Checkpointer {
 public:
  using Milliseconds = std::chrono::milliseconds;
  using Position = std::pair<std::string, std::string>;  // source partition, offset

  /// `store` null: positions are kept in memory only. `interval`: the least time between two stores that nobody waits for.
  Checkpointer(std::unique_ptr<CheckpointStore> store, std::uint32_t tasks, Milliseconds interval);
  /// Stores what is left, then ends the thread.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  /// Reads the stored checkpoint and starts the thread. [control] once, before the tasks run.
  [[nodiscard]] Status load();
  /// The offset of a partition: as loaded, or as submitted since. [any]
  [[nodiscard]] std::optional<std::string> stored(std::string_view partition) const;
  /// The loaded checkpoint said that the source had ended. [any]
  [[nodiscard]] bool was_finished() const;

  /// Positions of a task that moved on, and whether the task has finished. Only queues. [any]
  void submit(std::uint32_t task, const std::vector<Position>& positions, bool finished);
  /// Waits until all that was submitted is stored, or could not be. [any]
  [[nodiscard]] Status flush();
  /// Not OK once a store failed; it is not tried again. [any]
  [[nodiscard]] Status health() const;
  [[nodiscard]] CheckpointFigures figures() const;  // [any]

 private:
  void run();
  void store_once(std::unique_lock<std::mutex>& lock);

  const std::unique_ptr<CheckpointStore> store_;
  const Milliseconds interval_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;  // something was submitted, stored, or is to end
  Checkpoint latest_;
  std::vector<bool> finished_;  // by task
  bool was_finished_ = false;
  std::uint64_t submitted_ = 0;  // version of latest_
  std::uint64_t stored_ = 0;     // version that is stored
  std::uint32_t waiters_ = 0;
  bool ending_ = false;
  CheckpointFigures figures_;
  Status failure_;
  std::thread thread_;
};

}  // namespace weir::host
