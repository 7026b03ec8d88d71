#pragma once
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

namespace weir::bench {

using Clock = std::chrono::steady_clock;

/// How long each record took from its offer until it was safe.
class Latencies {
 public:
  void add(Clock::duration taken) { taken_.push_back(taken); }
  void add(const Latencies& other) { taken_.insert(taken_.end(), other.taken_.begin(), other.taken_.end()); }
  [[nodiscard]] std::size_t count() const { return taken_.size(); }
  /// In milliseconds, of `part` of the records; 0 without any.
  [[nodiscard]] double quantile_ms(double part) {
    if (taken_.empty()) return 0;
    const auto place = taken_.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(taken_.size() - 1));
    std::nth_element(taken_.begin(), place, taken_.end());
    return std::chrono::duration<double, std::milli>(*place).count();
  }

 private:
  std::vector<Clock::duration> taken_;
};

}  // namespace weir::bench
