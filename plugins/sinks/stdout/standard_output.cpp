#include "standard_output.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace weir::plugins {
namespace {

/// A broken pipe is an errno here, never a signal, whatever the process does with the signal: it is held back in this thread and taken away.
class NoBrokenPipeSignal {
 public:
  NoBrokenPipeSignal() {
    sigemptyset(&broken_pipe_);
    sigaddset(&broken_pipe_, SIGPIPE);
    sigset_t waiting;
    sigpending(&waiting);
    was_waiting_ = sigismember(&waiting, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &broken_pipe_, &before_);
  }
  ~NoBrokenPipeSignal() {
    const timespec at_once{};
    if (raised_ && !was_waiting_) sigtimedwait(&broken_pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoBrokenPipeSignal(const NoBrokenPipeSignal&) = delete;
  NoBrokenPipeSignal& operator=(const NoBrokenPipeSignal&) = delete;
  void raised() { raised_ = true; }

 private:
  sigset_t broken_pipe_;
  sigset_t before_;
  bool was_waiting_ = false;
  bool raised_ = false;
};

/// A descriptor of our own that does not wait, where there can be one: O_NONBLOCK belongs to the open file, which other processes may
/// share, so the pipe is opened anew. Elsewhere (files, terminals) a duplicate, which may wait.
int reopen(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode)) {
    const std::string itself = "/proc/self/fd/" + std::to_string(descriptor);
    const int own = open(itself.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
    if (own >= 0) return own;
  }
  return fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
}

}  // namespace

StandardOutput& StandardOutput::instance() {
  static StandardOutput output(STDOUT_FILENO);
  return output;
}

StandardOutput::StandardOutput(int descriptor) : descriptor_(reopen(descriptor)) {
  if (descriptor_ < 0) error_ = errno;
}

StandardOutput::~StandardOutput() {
  if (descriptor_ >= 0) close(descriptor_);
}

StandardOutput::Written StandardOutput::write(const void* writer, std::string_view lines) {
  const std::lock_guard lock(mutex_);
  if (!left_.empty()) {
    const Written rest = write_now(left_);
    left_.erase(0, rest.bytes);
    if (!left_.empty()) return {0, rest.error};
  }
  if (inside_line_ != nullptr && inside_line_ != writer) return {};
  const Written written = write_now(lines);
  const bool whole = written.bytes == 0 ? inside_line_ == nullptr : lines[written.bytes - 1] == '\n';
  inside_line_ = whole ? nullptr : writer;
  return written;
}

void StandardOutput::leave(const void* writer, std::string_view rest_of_line) {
  const std::lock_guard lock(mutex_);
  if (inside_line_ != writer) return;
  inside_line_ = nullptr;
  left_ = rest_of_line;
}

void StandardOutput::wait(std::chrono::milliseconds timeout) {
  pollfd room{descriptor_, POLLOUT, 0};
  poll(&room, 1, static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 0, 60'000)));
}

StandardOutput::Written StandardOutput::write_now(std::string_view bytes) {
  NoBrokenPipeSignal no_signal;
  Written written;
  while (written.bytes < bytes.size() && written.error == 0) {
    const ssize_t got = ::write(descriptor_, bytes.data() + written.bytes, bytes.size() - written.bytes);
    if (got > 0) {
      written.bytes += static_cast<std::size_t>(got);
    } else if (got < 0 && errno == EAGAIN) {
      break;
    } else if (got == 0 || errno != EINTR) {
      written.error = got == 0 ? EIO : errno;
    }
  }
  if (written.error == EPIPE) no_signal.raised();
  return written;
}

}  // namespace weir::plugins
