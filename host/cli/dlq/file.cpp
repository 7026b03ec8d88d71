#include "cli/dlq/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace weir::host::cli {
namespace {

constexpr std::size_t kRead = 256 * 1024;

}  // namespace

std::string identity_of(int descriptor) {
  struct statx found {};
  if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &found) != 0) return {};
  const bool born = (found.stx_mask & STATX_BTIME) != 0;
  return std::to_string(found.stx_ino) + "-" + std::to_string(born ? found.stx_btime.tv_sec : 0) + "." +
         std::to_string(born ? found.stx_btime.tv_nsec : 0);
}

Result<LetterFile> LetterFile::open(const std::string& path) {
  LetterFile letters;
  letters.path_ = path;
  // O_NONBLOCK: a pipe without a writer is told below instead of waited for.
  letters.file_ = std::make_unique<FileDescriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat found {};
  if (!letters.file_->is_open() || ::fstat(letters.file_->get(), &found) != 0)
    return Status::config(errno_status("cannot open", path).message());
  if (!S_ISREG(found.st_mode)) return Status::config("'" + path + "' is no file of dead letters");
  letters.size_ = static_cast<std::uint64_t>(found.st_size);
  letters.identity_ = identity_of(letters.file_->get());
  return letters;
}

bool LetterFile::next(Line& line) {
  std::size_t looked_at = begin_;
  std::uint64_t skipped = 0;  // of a line that is too long
  while (true) {
    const std::size_t end = buffer_.find('\n', looked_at);
    if (end != std::string::npos) {
      const bool too_long = skipped > 0;
      line = {++number_, buffer_at_ + begin_ - skipped, std::string_view(buffer_).substr(begin_, end - begin_),
              too_long};
      if (too_long) line.text = {};
      begin_ = end + 1;
      return true;
    }
    if (buffer_.size() - begin_ > kLongestLine) {
      skipped += buffer_.size() - begin_;
      begin_ = buffer_.size();
    }
    buffer_.erase(0, begin_);
    buffer_at_ += begin_;
    begin_ = 0;
    looked_at = buffer_.size();
    if (!fill()) break;
  }
  torn_ = buffer_.size() + skipped;
  return false;
}

bool LetterFile::fill() {
  const std::size_t held = buffer_.size();
  const std::uint64_t at = buffer_at_ + held;
  if (at >= size_ || !status_.ok()) return false;
  buffer_.resize(held + static_cast<std::size_t>(std::min<std::uint64_t>(kRead, size_ - at)));
  ssize_t got = -1;
  do {
    got = ::pread(file_->get(), buffer_.data() + held, buffer_.size() - held, static_cast<off_t>(at));
  } while (got < 0 && errno == EINTR);
  if (got < 0) status_ = errno_status("cannot read", path_);
  buffer_.resize(held + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got == 0) size_ = at;  // it was shortened meanwhile
  return got > 0;
}

}  // namespace weir::host::cli
