#pragma once
#include <chrono>
#include <span>
#include <string>

namespace weir::host::cli::chaos {

/// Hears of SIGINT, SIGTERM and SIGHUP, which wait from here on, and of ended children. In a process without other threads; children set
/// their own mask. [control]
class WatchPoint {
 public:
  WatchPoint();
  ~WatchPoint();
  WatchPoint(const WatchPoint&) = delete;
  WatchPoint& operator=(const WatchPoint&) = delete;

  /// Until one of these can be read, a child ended or a signal came, at most that long.
  void wait(std::span<const int> descriptors, std::chrono::milliseconds time);
  /// The first SIGINT, SIGTERM or SIGHUP; 0: none came.
  [[nodiscard]] int signal() const { return signal_; }

 private:
  int signals_ = -1;
  int signal_ = 0;
};

}  // namespace weir::host::cli::chaos
