#include "command.h"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace weir::broker {
namespace {

sigset_t held_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGCHLD}) sigaddset(&signals, signal);
  return signals;
}

siginfo_t next_signal() {
  const sigset_t signals = held_signals();
  siginfo_t info{};
  while (sigwaitinfo(&signals, &info) == -1 && errno == EINTR) {
  }
  return info;
}

/// The child gets the signals that this process holds back. Returns an errno.
int spawn(pid_t& child, char* const* arguments) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error = posix_spawnp(&child, arguments[0], nullptr, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  return error;
}

/// The exit code of the child, or -1 while it runs.
int exit_code_of(pid_t child) {
  int status = 0;
  if (waitpid(child, &status, WNOHANG) != child) return -1;
  if (WIFEXITED(status)) return WEXITSTATUS(status);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : -1;
}

}  // namespace

void hold_signals() {
  const sigset_t signals = held_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void wait_for_end() {
  while (next_signal().si_signo == SIGCHLD) {
  }
}

int run_command(char* const* arguments, const std::string& bootstrap) {
  setenv("WEIR_BOOTSTRAP", bootstrap.c_str(), 1);
  pid_t child = 0;
  if (const int error = spawn(child, arguments); error != 0) {
    std::cerr << "weir-broker: cannot run " << arguments[0] << ": " << std::strerror(error) << '\n';
    return error == ENOENT ? 127 : 126;
  }
  while (true) {
    const siginfo_t signal = next_signal();
    if (signal.si_signo == SIGCHLD) {
      const int code = exit_code_of(child);
      if (code >= 0) return code;
    } else if (signal.si_code != SI_KERNEL) {
      kill(child, signal.si_signo);  // Ctrl-C on the terminal (SI_KERNEL) reached the child by itself
    }
  }
}

}  // namespace weir::broker
