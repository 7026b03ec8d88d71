#include "cli/top/terminal.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

namespace weir::host::cli {
namespace {

// ECMA-48, and the private modes of xterm.
constexpr const char* kOtherScreen = "\x1b[?1049h\x1b[?25l";  // and no cursor
constexpr const char* kOwnScreen = "\x1b[?25h\x1b[?1049l";
constexpr const char* kHome = "\x1b[H";
constexpr const char* kClearLine = "\x1b[K";
constexpr const char* kClearBelow = "\x1b[J";
constexpr char kControlC = 3;
constexpr char kControlD = 4;

winsize size_of_terminal() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) size = {24, 80, 0, 0};
  return size;
}

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, each);
  return set;
}

}  // namespace

bool Terminal::is_there() { return ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDIN_FILENO) == 1; }

Terminal::Terminal() {
  const sigset_t set = ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC);
  ::tcgetattr(STDIN_FILENO, &before_);
  termios raw = before_;
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  std::fputs(kOtherScreen, stdout);
  std::fflush(stdout);
}

Terminal::~Terminal() {
  std::fputs(kOwnScreen, stdout);
  std::fflush(stdout);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  ::close(signals_);
}

void Terminal::draw(const std::string& text) {
  std::string screen = kHome;
  std::size_t left = size_of_terminal().ws_row;
  for (std::size_t from = 0; from < text.size() && left > 1; --left) {  // the last line stays empty: no scrolling
    const std::size_t end = std::min(text.find('\n', from), text.size());
    screen.append(text, from, end - from).append(kClearLine).append("\r\n");
    from = end + 1;
  }
  std::fputs((screen + kClearBelow).c_str(), stdout);
  std::fflush(stdout);
}

std::size_t Terminal::columns() const { return size_of_terminal().ws_col; }

bool Terminal::wait_for_end(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wait[2] = {{STDIN_FILENO, POLLIN, 0}, {signals_, POLLIN, 0}};
    const int ready = ::poll(wait, 2, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (ready == 0) return false;
    if (ready < 0) continue;
    if (wait[1].revents != 0) return true;
    char key = 0;
    if (::read(STDIN_FILENO, &key, 1) != 1) return true;  // the terminal is gone
    if (key == 'q' || key == 'Q' || key == kControlC || key == kControlD) return true;
  }
}

}  // namespace weir::host::cli
