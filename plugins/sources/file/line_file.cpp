#include "line_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <weir/error.hpp>

namespace weir::plugins {
namespace {

FatalError cannot(const char* what, const std::string& path, int error) {
  return FatalError(std::string("cannot ") + what + " " + path + ": " + std::generic_category().message(error));
}

}  // namespace

LineFile::LineFile(std::string path, bool follows)
    : path_(std::move(path)),
      follows_(follows),
      descriptor_(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY |
                                          O_NONBLOCK)) {  // O_NONBLOCK: a pipe is refused below, not waited for
  if (descriptor_ < 0) throw cannot("open", path_, errno);
  struct stat status {};
  const int error = fstat(descriptor_, &status) == 0 ? 0 : errno;
  if (error == 0 && S_ISREG(status.st_mode)) return;
  close(descriptor_);
  if (error != 0) throw cannot("look at", path_, error);
  if (S_ISDIR(status.st_mode)) throw FatalError("cannot read " + path_ + ": it is a folder; name a file in it");
  throw FatalError("cannot read " + path_ + ": it is not a regular file; pipes are read with the source stdin");
}

LineFile::~LineFile() { close(descriptor_); }

ReadResult LineFile::read(std::span<char> into) {
  const ssize_t got = pread(descriptor_, into.data(), into.size(), static_cast<off_t>(next_));
  if (got > 0) {
    next_ += static_cast<std::uint64_t>(got);
    return {ReadState::data, static_cast<std::size_t>(got)};
  }
  if (got == 0) return {follows_ ? ReadState::nothing : ReadState::end};
  if (errno == EINTR) return {ReadState::nothing};
  return {ReadState::failed, 0, errno};
}

std::uint64_t LineFile::size() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) throw cannot("look at", path_, errno);
  return static_cast<std::uint64_t>(status.st_size);
}

bool LineFile::line_begins_at(std::uint64_t offset) const {
  char before = '\n';
  if (offset > 0 && pread(descriptor_, &before, 1, static_cast<off_t>(offset - 1)) < 0)
    throw cannot("read", path_, errno);
  return before == '\n';
}

bool LineFile::has_grown_inside_line(std::uint64_t offset) const {
  if (line_begins_at(offset)) return false;
  char next = 0;
  const ssize_t got = pread(descriptor_, &next, 1, static_cast<off_t>(offset));
  if (got < 0) throw cannot("read", path_, errno);
  return got == 0 ? follows_ : next != '\n' && next != '\r';
}

std::uint64_t LineFile::line_start(std::uint64_t offset) const {
  std::array<char, 4096> block;
  while (offset > 0) {
    const std::uint64_t size = std::min<std::uint64_t>(offset, block.size());
    const ssize_t got = pread(descriptor_, block.data(), size, static_cast<off_t>(offset - size));
    if (got != static_cast<ssize_t>(size)) throw cannot("read", path_, got < 0 ? errno : EIO);
    const std::size_t before = std::string_view(block.data(), size).rfind('\n');
    offset -= size;
    if (before != std::string_view::npos) return offset + before + 1;
  }
  return 0;
}

void LineFile::check_not_truncated() const {
  const std::uint64_t now = size();
  if (now < next_)
    throw FatalError(path_ + " was truncated while it was read: " + std::to_string(now) + " bytes, " +
                     std::to_string(next_) + " were read; it is not the file it was, --fresh reads it from the start");
}

void LineFile::check_not_replaced() const {
  struct stat open_file {};
  struct stat named {};
  if (fstat(descriptor_, &open_file) != 0) throw cannot("look at", path_, errno);
  if (stat(path_.c_str(), &named) != 0) throw cannot("follow", path_, errno);
  if (open_file.st_dev != named.st_dev || open_file.st_ino != named.st_ino)
    throw FatalError(path_ +
                     " was replaced while it was followed: it is not the file it was, --fresh reads it from the start");
}

}  // namespace weir::plugins
