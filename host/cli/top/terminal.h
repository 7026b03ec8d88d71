#pragma once
#include <termios.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace weir::host::cli {

/// A terminal that is drawn on anew and again: keys come one by one, and at the end everything is as it was. SIGTERM, SIGINT and SIGHUP
/// end wait_for_end() instead of the process. One at a time. [control]
class Terminal {
 public:
  /// Whether standard output and input are one.
  [[nodiscard]] static bool is_there();

  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Replaces what stands there; lines beyond its height are left out.
  void draw(const std::string& text);
  [[nodiscard]] std::size_t columns() const;
  /// Waits at most that long; true: q, Ctrl-C, Ctrl-D or a signal.
  [[nodiscard]] bool wait_for_end(std::chrono::milliseconds time);

 private:
  termios before_{};
  int signals_ = -1;
};

}  // namespace weir::host::cli
