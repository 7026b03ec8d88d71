#pragma once
#include <chrono>

namespace weir::plugins {

/// Lets a source wait, and any thread end the wait. Owns one descriptor.
class Wakeup {
 public:
  Wakeup();  // std::system_error when the process has no descriptor left
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  /// [any] The wait that runs, or the next one, ends at once.
  void wake() noexcept;
  /// [task] Until the timeout, a wake(), or something to read from `also` (-1: nothing else). True: `also` can be read, or is at its
  /// end or broken, which reading will tell.
  bool wait(std::chrono::milliseconds timeout, int also = -1);

 private:
  int event_;
};

}  // namespace weir::plugins
