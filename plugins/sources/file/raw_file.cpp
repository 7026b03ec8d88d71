#include "raw_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <weir/error.hpp>

namespace weir::plugins {
namespace {

FatalError cannot(const char* what, const std::string& path, int error) {
  return FatalError(std::string("cannot ") + what + " " + path + ": " + std::generic_category().message(error));
}

FileLook look_of(const struct stat& status) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {{status.st_dev, status.st_ino},
          static_cast<std::uint64_t>(status.st_size),
          status.st_mtim.tv_sec * kSecond + status.st_mtim.tv_nsec,
          S_ISREG(status.st_mode)};
}

}  // namespace

std::optional<FileLook> look_at(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) return look_of(status);
  if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
  throw cannot("look at", path, errno);
}

RawFile::RawFile(std::string path)
    : path_(std::move(path)),
      descriptor_(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY |
                                          O_NONBLOCK)) {  // O_NONBLOCK: a pipe is refused below, not waited for
  if (descriptor_ < 0) throw cannot("open", path_, errno);
  struct stat status {};
  const int error = fstat(descriptor_, &status) == 0 ? 0 : errno;
  if (error == 0 && S_ISREG(status.st_mode)) return;
  close(descriptor_);
  if (error != 0) throw cannot("look at", path_, error);
  if (S_ISDIR(status.st_mode))
    throw FatalError("cannot read " + path_ + ": it is a folder; name files in it, such as " + path_ + "/*.ndjson");
  throw FatalError("cannot read " + path_ + ": it is not a regular file; pipes are read with the source stdin");
}

RawFile::~RawFile() { close(descriptor_); }

std::int64_t RawFile::read_at(std::uint64_t offset, std::span<char> into) const {
  ssize_t got = 0;
  do {
    got = pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  return got < 0 ? -errno : got;
}

FileLook RawFile::look() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) throw cannot("look at", path_, errno);
  return look_of(status);
}

}  // namespace weir::plugins
