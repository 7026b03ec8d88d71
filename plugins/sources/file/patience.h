#pragma once
#include <chrono>

namespace weir::plugins {

/// What one look does not find may have been on its way from one name to another just then: it is missing when several looks over some
/// time agree.
class Patience {
 public:
  explicit Patience(std::chrono::milliseconds time) : time_(time) {}

  /// It was not found again. Whether that is final.
  [[nodiscard]] bool ends_now() {
    const auto now = Clock::now();
    if (looks_++ == 0) since_ = now;
    return looks_ >= kLooks && now - since_ >= time_;
  }
  void begin_anew() { looks_ = 0; }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int kLooks = 3;

  std::chrono::milliseconds time_;
  Clock::time_point since_{};
  int looks_ = 0;
};

}  // namespace weir::plugins
