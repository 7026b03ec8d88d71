#include "cli/chaos/process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

namespace weir::host::cli::chaos {
namespace {

constexpr int kCannotRun = 127;  // as shells say it

/// In the child, before anything else.
void leave_home(pid_t parent, const Process::Outlets& outlets) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // it died before the kernel was told
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (input >= 0) ::dup2(input, STDIN_FILENO);
  if (outlets.output >= 0) ::dup2(outlets.output, STDOUT_FILENO);
  if (outlets.errors >= 0) ::dup2(outlets.errors, STDERR_FILENO);
}

int call(const std::function<int()>& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "weir: %s\n", error.what());
    return 1;
  }
}

}  // namespace

Result<Process> Process::fork(const std::function<int()>& work, const Outlets& outlets) {
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) return Status::fatal(std::string("cannot start a process: ") + std::strerror(errno));
  if (child > 0) return Process(child);
  leave_home(parent, outlets);
  const int code = call(work);
  std::fflush(nullptr);
  ::_exit(code);  // what is static belongs to the parent too
}

Result<Process> Process::exec(const std::vector<std::string>& arguments, const Outlets& outlets) {
  return fork(
      [&arguments]() -> int {
        std::vector<char*> words;
        for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
        words.push_back(nullptr);
        ::execv(words[0], words.data());
        std::fprintf(stderr, "weir: cannot run %s: %s\n", words[0], std::strerror(errno));
        return kCannotRun;
      },
      outlets);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), exit_code_(std::exchange(other.exit_code_, -1)) {}

Process& Process::operator=(Process&& other) noexcept {
  if (this == &other) return *this;
  kill();
  pid_ = std::exchange(other.pid_, -1);
  exit_code_ = std::exchange(other.exit_code_, -1);
  return *this;
}

bool Process::running() {
  if (pid_ < 0) return false;
  int status = 0;
  const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
  if (ended == pid_) keep(status);
  if (ended < 0 && errno == ECHILD) keep(W_EXITCODE(1, 0));  // somebody else heard of it
  return pid_ >= 0;
}

void Process::signal(int number) {
  if (pid_ >= 0) ::kill(pid_, number);
}

void Process::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  int status = 0;
  pid_t ended = -1;
  do {
    ended = ::waitpid(pid_, &status, 0);
  } while (ended < 0 && errno == EINTR);
  keep(ended == pid_ ? status : 0);
}

void Process::keep(int status) {
  pid_ = -1;
  exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace weir::host::cli::chaos
