#pragma once
#include <chrono>
#include <cstdint>

namespace weir::host {

/// Exponential back-off with jitter for retries: each delay is drawn from [step/2, step], step doubles from `first` up to `max`.
/// The caller waits; this only counts. Not thread-safe; one per retried operation.
class Backoff {
 public:
  using Duration = std::chrono::milliseconds;
  Backoff(Duration first, Duration max, std::uint64_t seed = 1)
      : first_(first), max_(max), step_(first), random_(seed | 1) {}

  /// The next delay to wait.
  [[nodiscard]] Duration next();
  /// After a success.
  void reset() { step_ = first_; }

 private:
  Duration first_;
  Duration max_;
  Duration step_;
  std::uint64_t random_;
};

}  // namespace weir::host
