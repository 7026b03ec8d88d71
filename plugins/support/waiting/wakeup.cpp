#include "waiting/wakeup.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace weir::plugins {

Wakeup::Wakeup() : event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Wakeup::~Wakeup() { close(event_); }

void Wakeup::wake() noexcept {
  const std::uint64_t one = 1;
  // The counter can only be full of wakes already, so a failed write loses none.
  [[maybe_unused]] const auto written = write(event_, &one, sizeof(one));
}

bool Wakeup::wait(std::chrono::milliseconds timeout, int also) {
  std::array<pollfd, 2> watched = {{{event_, POLLIN, 0}, {also, POLLIN, 0}}};  // poll skips a negative descriptor
  const int milliseconds = static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 0, 60'000));
  if (poll(watched.data(), watched.size(), milliseconds) <= 0) return false;
  std::uint64_t wakes = 0;
  if (watched[0].revents != 0) [[maybe_unused]]
    const auto taken = read(event_, &wakes, sizeof(wakes));
  return watched[1].revents != 0;
}

}  // namespace weir::plugins
