#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "checkpoint/file.h"
#include "checkpoint/store.h"

namespace weir::host {

Result<StateLock> StateLock::take(const std::string& directory) {
  const std::filesystem::path parent = std::filesystem::path(directory).lexically_normal().parent_path();
  std::error_code ignored;  // mkdir says what is wrong
  if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return errno_status("cannot make the state directory", directory);
  const std::string file = directory + "/lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return errno_status("cannot open the lock of the state directory", file);
  StateLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return errno_status("cannot lock the state directory", directory);
    return Status::fatal("the state directory '" + directory +
                         "' is in use by another process; stop that one, or name another with --state");
  }
  return lock;
}

StateLock::StateLock(StateLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

StateLock& StateLock::operator=(StateLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

StateLock::~StateLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace weir::host
