#pragma once
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace weir::plugins {

/// The process's standard output, shared by all sinks that write to it: lines of one never end up inside lines of another. Writes
/// do not wait where that can be helped: on a pipe, what its reader leaves no room for is written later. Thread-safe.
class StandardOutput {
 public:
  struct Written {
    std::size_t bytes = 0;
    int error = 0;  // errno; EPIPE: nobody reads any more
  };

  /// The one of this process.
  static StandardOutput& instance();
  /// For tests: writes to a duplicate of `descriptor`.
  explicit StandardOutput(int descriptor);
  ~StandardOutput();
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  /// errno when there is no standard output.
  [[nodiscard]] int error() const { return error_; }
  /// Whole lines, or the rest of one that `writer` began. What goes out now; nothing while another writer's line is half out.
  Written write(const void* writer, std::string_view lines);
  /// `writer` goes; the rest of the line it began is written before anything else.
  void leave(const void* writer, std::string_view rest_of_line);
  /// Until there is room for more, at most that long.
  void wait(std::chrono::milliseconds timeout);

 private:
  Written write_now(std::string_view bytes);

  std::mutex mutex_;
  int descriptor_ = -1;
  int error_ = 0;
  const void* inside_line_ = nullptr;  // whose line is half out
  std::string left_;                   // of a line whose writer went
};

}  // namespace weir::plugins
