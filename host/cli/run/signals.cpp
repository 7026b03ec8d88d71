#include "cli/run/signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <thread>

#include "observe/log.h"

namespace weir::host::cli {
namespace {

constexpr int kExitInterrupted = 130;  // 128 + SIGINT, as shells say it

const char* name_of(std::uint32_t signal) {
  return signal == SIGINT ? "SIGINT" : signal == SIGHUP ? "SIGHUP of the terminal" : "SIGTERM";
}

}  // namespace

struct Signals::Watcher {
  std::function<void()> on_stop;
  std::function<void()> on_reload;
  int signals = -1;
  int end = -1;
  std::thread thread;

  void watch() {
    int interrupts = 0;
    bool asked = false;
    for (;;) {
      pollfd wait[2] = {{signals, POLLIN, 0}, {end, POLLIN, 0}};
      if (::poll(wait, 2, -1) < 0) continue;
      if (wait[1].revents != 0) return;
      signalfd_siginfo info;
      if (::read(signals, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) continue;
      if (info.ssi_signo == SIGINT && ++interrupts > 1) ::_exit(kExitInterrupted);
      if (asked) continue;
      if (info.ssi_signo == SIGHUP && info.ssi_code != SI_KERNEL) {
        on_reload();
        continue;
      }
      asked = true;
      Log().info("Stopping: no more is read, what is in flight is delivered. SIGINT again quits at once.",
                 {{"signal", name_of(info.ssi_signo)}});
      on_stop();
    }
  }
};

Signals::Signals(std::function<void()> on_stop, std::function<void()> on_reload)
    : watcher_(std::make_unique<Watcher>()) {
  watcher_->on_stop = std::move(on_stop);
  watcher_->on_reload = std::move(on_reload);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  watcher_->signals = ::signalfd(-1, &set, SFD_CLOEXEC);
  watcher_->end = ::eventfd(0, EFD_CLOEXEC);
  watcher_->thread = std::thread([this] { watcher_->watch(); });
}

Signals::~Signals() {
  const std::uint64_t one = 1;
  while (::write(watcher_->end, &one, sizeof one) < 0)
    continue;  // only EINTR is possible: the counter is far from full
  watcher_->thread.join();
  ::close(watcher_->signals);
  ::close(watcher_->end);
}

}  // namespace weir::host::cli
