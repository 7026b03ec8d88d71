#pragma once
#include <functional>
#include <memory>

namespace weir::host::cli {

/// Calls `on_stop` at the first SIGTERM or SIGINT, from a thread of its own; a second SIGINT ends the process at once (exit 130).
/// `on_reload` at each SIGHUP that somebody sent; one that the kernel sends, since the terminal is gone, counts as SIGTERM. SIGPIPE is
/// ignored. Made before other threads, so that they inherit the mask. [control]
class Signals {
 public:
  Signals(std::function<void()> on_stop, std::function<void()> on_reload);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct Watcher;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace weir::host::cli
