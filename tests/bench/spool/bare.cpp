#include "bare.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace weir::bench {
namespace {

void check(bool done, const char* what) {
  if (!done) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Latencies append_and_sync(const std::string& file, const std::function<std::string_view()>& next_record,
                          const std::function<bool()>& is_over) {
  Latencies latencies;
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  check(descriptor >= 0, "open");
  while (!is_over()) {
    const std::string_view record = next_record();
    const Clock::time_point begin = Clock::now();
    check(::write(descriptor, record.data(), record.size()) == static_cast<ssize_t>(record.size()), "write");
    check(::fdatasync(descriptor) == 0, "fdatasync");
    latencies.add(Clock::now() - begin);
  }
  ::close(descriptor);
  return latencies;
}

}  // namespace weir::bench
