#include "spool/unpack_ahead.h"

#include "crypto/secret_bytes.h"

namespace weir::host::spool {

void UnpackAhead::add(std::uint64_t offset, const BlockHeader& header, std::uint32_t salt, std::string_view bytes,
                      const crypto::DataKey* key) {
  Job& job = jobs_[(first_ + count_) % jobs_.size()];
  job.offset = offset;
  job.header = header;
  job.salt = salt;
  job.bytes.assign(bytes);
  job.key = key;
  bool sleeps = false;
  {
    const std::lock_guard lock(mutex_);
    ++count_;
    sleeps = sleeps_;
  }
  if (sleeps) added_.notify_one();
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

const BlockHeader* UnpackAhead::first(std::uint64_t offset) const {
  return count_ > 0 && jobs_[first_].offset == offset ? &jobs_[first_].header : nullptr;
}

bool UnpackAhead::take(std::string& raw) {
  std::unique_lock lock(mutex_);
  if (done_ == 0) wait_for_all(lock);
  Job& job = jobs_[first_];
  first_ = (first_ + 1) % jobs_.size();
  --count_;
  --done_;
  raw.swap(job.raw);
  return job.is_whole;
}

/// Not for one only: two threads that wait for each other block by block would do nothing but wake each other.
void UnpackAhead::wait_for_all(std::unique_lock<std::mutex>& lock) {
  all_done_.wait(lock, [this] { return done_ == count_; });
}

void UnpackAhead::forget() {
  std::unique_lock lock(mutex_);
  wait_for_all(lock);
  count_ = done_ = 0;
}

void UnpackAhead::stop() {
  forget();
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  added_.notify_one();
  thread_.join();
  stops_ = false;
  for (Job& job : jobs_) {
    crypto::wipe(job.raw);
    job = {};
  }
}

void UnpackAhead::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    sleeps_ = true;
    added_.wait(lock, [this] { return stops_ || done_ < count_; });
    sleeps_ = false;
    if (stops_) return;
    Job& job = jobs_[(first_ + done_) % jobs_.size()];
    lock.unlock();
    job.is_whole = unpack(job.header, job.salt, job.bytes, job.key, job.raw);
    lock.lock();
    if (++done_ == count_) all_done_.notify_one();
  }
}

}  // namespace weir::host::spool
