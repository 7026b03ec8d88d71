#include "group_commit.h"

#include <utility>

namespace weir::plugins {

GroupCommit::GroupCommit(AppendFile& file, Acks acks) : file_(file), acks_(acks), thread_([this] { run(); }) {}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
  syncing_.insert(syncing_.end(), waiting_.begin(), waiting_.end());
  if (!syncing_.empty()) acks_.give_back(syncing_, "the file could not be synced");
}

void GroupCommit::add(std::span<const Delivery> written) {
  if (written.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    waiting_.insert(waiting_.end(), written.begin(), written.end());
  }
  changed_.notify_all();
}

bool GroupCommit::wait(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const auto done = [this] { return waiting_.empty() && syncing_.empty(); };
  changed_.wait_for(lock, timeout, [&] { return error_ != 0 || done(); });
  return error_ == 0 && done();
}

int GroupCommit::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

void GroupCommit::run() {
  std::unique_lock lock(mutex_);
  while (error_ == 0) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    settle(lock);
  }
}

/// After a sync that failed the kernel takes the pages for clean, so another one that succeeds says nothing: there is none.
void GroupCommit::settle(std::unique_lock<std::mutex>& lock) {
  std::swap(waiting_, syncing_);
  lock.unlock();
  const int error = file_.sync();
  if (error == 0) acks_.ok(syncing_);
  lock.lock();
  error_ = error;
  if (error == 0) syncing_.clear();
  changed_.notify_all();
}

}  // namespace weir::plugins
