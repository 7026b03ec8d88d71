#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "record/slice.h"

namespace weir::host {

/// What a sink said about a record.
struct Ack {
  Record* record;
  weir_status status;
  const char* reason;  // a constant
};

/// Acknowledgements on their way from any thread to the task, and what the task waits on when nothing else keeps it. ack(), wake():
/// any thread; the rest [task].
class AckQueue final : public Acks {
 public:
  using Clock = std::chrono::steady_clock;

  /// What makes the source's poll return; set before the first ack.
  void on_wake(std::function<void()> wake_source) { wake_source_ = std::move(wake_source); }

  void ack(std::span<Record* const> records, weir_status status, const char* reason) noexcept override;
  /// Ends the task's waiting, here or in its source.
  void wake() noexcept;

  /// All that was queued, in order; what `into` held is forgotten.
  void take(std::vector<Ack>& into);
  /// Until something is queued, wake() or the deadline.
  void wait_until(Clock::time_point deadline);
  /// While the task waits in its source: an ack then wakes that. False: something is queued already, do not wait.
  [[nodiscard]] bool enter_source();
  void leave_source();

 private:
  void wake_waiting(bool in_source) noexcept;

  std::mutex mutex_;
  std::condition_variable queued_;
  std::vector<Ack> acks_;
  std::function<void()> wake_source_;
  bool in_source_ = false;
  bool woken_ = false;
};

}  // namespace weir::host
