#include "pipeline/ack_queue.h"

#include <utility>

namespace weir::host {

void AckQueue::ack(std::span<Record* const> records, weir_status status, const char* reason) noexcept {
  bool in_source = false;
  {
    const std::lock_guard lock(mutex_);
    for (Record* record : records) acks_.push_back({record, status, reason == nullptr ? "" : reason});
    in_source = in_source_;
  }
  wake_waiting(in_source);
}

void AckQueue::wake() noexcept {
  bool in_source = false;
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    in_source = in_source_;
  }
  wake_waiting(in_source);
}

void AckQueue::wake_waiting(bool in_source) noexcept {
  queued_.notify_one();
  if (in_source && wake_source_) wake_source_();
}

void AckQueue::take(std::vector<Ack>& into) {
  into.clear();
  const std::lock_guard lock(mutex_);
  std::swap(into, acks_);
}

void AckQueue::wait_until(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  queued_.wait_until(lock, deadline, [this] { return woken_ || !acks_.empty(); });
  woken_ = false;
}

bool AckQueue::enter_source() {
  const std::lock_guard lock(mutex_);
  in_source_ = !std::exchange(woken_, false) && acks_.empty();
  return in_source_;
}

void AckQueue::leave_source() {
  const std::lock_guard lock(mutex_);
  in_source_ = false;
}

}  // namespace weir::host
