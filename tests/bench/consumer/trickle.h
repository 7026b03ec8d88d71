#pragma once
#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace weir::bench {

/// Appends events to a file at an even rate, from a thread of its own, and remembers when each was written.
class Trickle {
 public:
  /// `count` lines of `events`, `rate` a second. The file exists. Starts at once; throws std::runtime_error.
  Trickle(const std::string& events, const std::string& file, double rate, long count);
  /// Ends early when lines are left.
  ~Trickle();
  Trickle(const Trickle&) = delete;
  Trickle& operator=(const Trickle&) = delete;

  /// When the event that `value` was made of began to be written, by CLOCK_MONOTONIC; negative: it is none of ours. Any
  /// thread that got the value from the file's reader.
  [[nodiscard]] double written_at(std::string_view value) const;
  /// Its number, from 0; -1: it has none.
  [[nodiscard]] static long number_of(std::string_view value);

 private:
  void run(int file);

  const double rate_;
  std::vector<std::string> lines_;
  std::vector<std::atomic<double>> written_;
  std::atomic<bool> is_ended_{false};
  std::thread thread_;
};

}  // namespace weir::bench
