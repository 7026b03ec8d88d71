#include "cli/chaos/watch_point.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <vector>

namespace weir::host::cli::chaos {

WatchPoint::WatchPoint() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set, number);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGCHLD, SIG_DFL);  // where it is ignored nobody learns how a child ended
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

WatchPoint::~WatchPoint() { ::close(signals_); }

void WatchPoint::wait(std::span<const int> descriptors, std::chrono::milliseconds time) {
  std::vector<pollfd> watched{{signals_, POLLIN, 0}};
  for (const int descriptor : descriptors) watched.push_back({descriptor, POLLIN, 0});
  ::poll(watched.data(), watched.size(), static_cast<int>(time.count()));
  signalfd_siginfo info{};
  while (::read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo != SIGCHLD && signal_ == 0) signal_ = static_cast<int>(info.ssi_signo);
  }
}

}  // namespace weir::host::cli::chaos
