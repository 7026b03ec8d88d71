#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "errors/status.h"

namespace weir::host::cli::chaos {

/// A process that this one started. It is not the terminal's: Ctrl-C does not reach it. It is killed by the destructor, and by the kernel when
/// this process dies, however that happens. Started from the main thread only, for the kernel goes by the thread.
class Process {
 public:
  struct Outlets {
    int output = -1;  // its standard output; -1: as this process's
    int errors = -1;  // likewise
  };

  /// Runs `work` in a fork of this process, whose exit code is what that returns. This process must have no other thread.
  [[nodiscard]] static Result<Process> fork(const std::function<int()>& work, const Outlets& outlets);
  /// Runs a program; the first argument is its path.
  [[nodiscard]] static Result<Process> exec(const std::vector<std::string>& arguments, const Outlets& outlets);

  Process() = default;
  ~Process() { kill(); }
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;

  /// Whether it has not ended; the exit code is known from then on.
  [[nodiscard]] bool running();
  /// 128 + N after signal N, as shells say it.
  [[nodiscard]] int exit_code() const { return exit_code_; }
  void signal(int number);
  /// At once, also when it is stopped; and waits for its end.
  void kill();

 private:
  explicit Process(pid_t pid) : pid_(pid) {}
  void keep(int status);

  pid_t pid_ = -1;  // -1: none, or it has ended
  int exit_code_ = -1;
};

}  // namespace weir::host::cli::chaos
