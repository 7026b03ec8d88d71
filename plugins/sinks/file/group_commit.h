#pragma once
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <span>
#include <thread>
#include <vector>
#include <weir/sink.hpp>

#include "append_file.h"

namespace weir::plugins {

/// Acknowledges records once their lines survive a power cut. A thread of its own syncs the file: one sync at a time, each for all that
/// was written before it began, the next as soon as something waits. Calls come from one thread at a time.
class GroupCommit {
 public:
  /// `file` outlives it. Starts the thread; std::system_error where there can be none.
  GroupCommit(AppendFile& file, Acks acks);
  /// Syncs what still waits; what cannot be synced is given back.
  ~GroupCommit();
  GroupCommit(const GroupCommit&) = delete;
  GroupCommit& operator=(const GroupCommit&) = delete;

  /// Lines of these records were written.
  void add(std::span<const Delivery> written);
  /// Until nothing waits any more: true. False: the time is over, or a sync failed.
  [[nodiscard]] bool wait(std::chrono::milliseconds timeout);
  /// The errno of a sync that failed: nothing that was in it is acknowledged, nor anything after it. 0: none failed.
  [[nodiscard]] int error() const;

 private:
  void run();
  void settle(std::unique_lock<std::mutex>& lock);

  AppendFile& file_;
  const Acks acks_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Delivery> waiting_;  // written since the latest sync began
  std::vector<Delivery> syncing_;  // what the sync that runs is for; only the thread changes it
  int error_ = 0;
  bool ending_ = false;
  std::thread thread_;  // the last member: it uses the others
};

}  // namespace weir::plugins
