#include "contract/apart.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <sstream>

#include "contract/spy.h"

namespace weir::host::contract {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kOutput = "output-of-the-check";
constexpr std::size_t kProgress = 4096;  // a page
constexpr std::size_t kLongestOutput = 4000;

/// A page that parent and child share: which function of the plugin runs.
class Progress {
 public:
  Progress() : page_(mmap(nullptr, kProgress, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  ~Progress() {
    if (page_ != MAP_FAILED) munmap(page_, kProgress);
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  [[nodiscard]] char* text() const { return page_ == MAP_FAILED ? nullptr : static_cast<char*>(page_); }

 private:
  void* page_;
};

void redirect(const std::string& input) {
  const int in = open(input.c_str(), O_RDONLY);
  const int out = open(kOutput, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (in >= 0) dup2(in, STDIN_FILENO);
  if (out >= 0) {
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
  }
  close(in);
  close(out);
}

void write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

[[noreturn]] void be_the_child(const std::function<std::string()>& work, int result, const Progress& progress,
                               const std::string& folder, const std::string& input) {
  setpgid(0, 0);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  if (chdir(folder.c_str()) != 0) _exit(1);
  redirect(input);
  Spy::set_progress(progress.text());
  std::string answer;
  try {
    answer = "+" + work();
  } catch (const std::exception& error) {
    answer = std::string("-") + error.what();
  }
  write_all(result, answer);
  _exit(0);  // no destructor of the plugin's library, no flush of what the parent had buffered
}

/// What comes until the end or the deadline; false: the deadline.
bool read_until(int descriptor, Clock::time_point deadline, std::string& out) {
  std::array<char, 4096> buffer;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd watched{descriptor, POLLIN, 0};
    const int ready = left <= 0 ? 0 : poll(&watched, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    out.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

std::string end_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream all;
  all << file.rdbuf();
  std::string text = all.str();
  return text.size() <= kLongestOutput ? text : text.substr(text.size() - kLongestOutput);
}

std::string how_it_ended(int status, bool in_time, std::chrono::seconds limit, const Progress& progress) {
  std::string where;
  if (progress.text() != nullptr && *progress.text() != '\0') where = std::string(" in ") + progress.text();
  if (!in_time) return "did not return within " + std::to_string(limit.count()) + " s" + where;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return "died of signal " + std::to_string(signal) + " (" + strsignal(signal) + ")" + where;
  }
  return "ended the process with exit code " + std::to_string(WEXITSTATUS(status)) + where;
}

}  // namespace

Ending run_apart(const std::function<std::string()>& work, std::chrono::seconds limit, const std::string& folder,
                 const std::string& input) {
  std::array<int, 2> ends{-1, -1};
  const Progress progress;
  if (progress.text() == nullptr || pipe2(ends.data(), O_CLOEXEC) != 0) return {{}, std::strerror(errno), {}};
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    be_the_child(work, ends[1], progress, folder, input);
  }
  const int failed = errno;
  close(ends[1]);
  Ending ending;
  std::string answer;
  if (child < 0) {
    close(ends[0]);
    return {{}, std::strerror(failed), {}};
  }
  const bool in_time = read_until(ends[0], Clock::now() + limit, answer);
  kill(-child, SIGKILL);  // also what it left behind
  kill(child, SIGKILL);   // in case it had no group yet
  close(ends[0]);
  const int status = wait_for(child);
  ending.output = end_of(folder + "/" + kOutput);
  if (in_time && answer.starts_with('+'))
    ending.result = answer.substr(1);
  else
    ending.how = in_time && answer.starts_with('-') ? answer.substr(1) : how_it_ended(status, in_time, limit, progress);
  return ending;
}

}  // namespace weir::host::contract
