#include "append_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <system_error>
#include <utility>

namespace weir::plugins {
namespace {

using FileId = std::pair<dev_t, ino_t>;

/// The files this process writes, so that the tasks of one connector find theirs.
struct OpenFiles {
  std::mutex mutex;
  std::map<FileId, std::weak_ptr<AppendFile>> files;
};
OpenFiles& open_files() {
  static OpenFiles all;
  return all;
}

std::string text_of(int error) { return std::generic_category().message(error); }

FatalError cannot(const char* what, const std::string& path, int error) {
  return FatalError(std::string("cannot ") + what + " " + path + ": " + text_of(error));
}

struct stat status_of(int descriptor, const std::string& path) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0) throw cannot("look at", path, errno);
  return status;
}

/// The file's name must survive too. EINVAL: a file system that syncs no folders.
void sync_folder_of(const std::string& path) {
  const std::string folder = path.substr(0, std::max<std::size_t>(path.rfind('/') + 1, 1));
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw cannot("open", folder, errno);
  const int error = fsync(descriptor) == 0 ? 0 : errno;
  close(descriptor);
  if (error != 0 && error != EINVAL) throw cannot("sync", folder, error);
}

/// Closes a descriptor that no AppendFile owns yet.
class Descriptor {
 public:
  explicit Descriptor(int descriptor) : descriptor_(descriptor) {}
  ~Descriptor() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

}  // namespace

AppendFile::Opened AppendFile::open(const Options& options) {
  const mode_t mode = options.durable ? 0600 : 0666;
  // O_NONBLOCK: a pipe without a reader is told below instead of waited for. Read: to find a torn last line.
  Descriptor descriptor(
      ::open(options.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, mode));
  if (descriptor.get() < 0) throw cannot("open", options.path, errno);
  const struct stat status = status_of(descriptor.get(), options.path);
  OpenFiles& all = open_files();
  const std::lock_guard lock(all.mutex);
  std::weak_ptr<AppendFile>& known = all.files[{status.st_dev, status.st_ino}];
  if (const auto shared = known.lock(); shared != nullptr && S_ISREG(status.st_mode)) {
    const std::lock_guard shared_lock(shared->mutex_);
    const bool same_connector = shared->task_count_ > 1 && shared->task_count_ == options.task.count;
    if (!same_connector || !shared->tasks_.insert(options.task.index).second)
      throw FatalError(options.path + " is written by another sink: one path, one sink");
    return {shared};
  }
  Opened opened{std::shared_ptr<AppendFile>(
      new AppendFile(options.path, descriptor.get()))};  // NOLINT: the constructor is private
  descriptor.release();
  opened.cut = opened.file->prepare(options);
  opened.mode = status.st_mode & 0777;
  known = opened.file;
  return opened;
}

std::uint64_t AppendFile::prepare(const Options& options) {
  const struct stat status = status_of(descriptor_, path_);
  if (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode))
    throw FatalError(path_ + " is a pipe or socket: only files can be appended to");
  fcntl(descriptor_, F_SETFL, O_APPEND);  // from here on writes wait, as everywhere
  regular_ = S_ISREG(status.st_mode);
  durable_ = options.durable;
  task_count_ = options.task.count;
  tasks_ = {options.task.index};
  if (!regular_) return 0;
  if (flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) throw FatalError(path_ + " is written by another sink or process: one path, one sink");
    throw cannot("lock", path_, errno);
  }
  // Who held the lock until now may have put another file in its place: `weir dlq drop` does.
  struct stat named {};
  if (stat(path_.c_str(), &named) != 0 || named.st_ino != status.st_ino || named.st_dev != status.st_dev)
    throw RetryError(path_ + " was replaced while it was opened");
  const std::uint64_t cut =
      cut_torn_line(static_cast<std::uint64_t>(status_of(descriptor_, path_).st_size), options.longest_torn);
  sync_folder_of(path_);
  return cut;
}

AppendFile::~AppendFile() { close(descriptor_); }

/// A crash in the middle of a write leaves a line without end, whose record was not acknowledged and comes again.
std::uint64_t AppendFile::cut_torn_line(std::uint64_t size, std::uint64_t longest) {
  std::array<char, 64 * 1024> block;
  std::uint64_t end = size;
  size_ = size;
  while (end > 0) {
    const std::uint64_t start = end > block.size() ? end - block.size() : 0;
    const ssize_t got = pread(descriptor_, block.data(), end - start, static_cast<off_t>(start));
    if (got < 0) throw cannot("read", path_, errno);
    const std::size_t found = std::string_view(block.data(), static_cast<std::size_t>(got)).rfind('\n');
    if (found != std::string_view::npos) {
      end = start + found + 1;
      break;
    }
    end = start;
    if (size - end > longest)
      throw FatalError(path_ +
                       " has no line end for longer than a record can be: not a file of lines, nothing was cut");
  }
  if (end == size) return 0;
  if (ftruncate(descriptor_, static_cast<off_t>(end)) != 0) throw cannot("cut the torn last line of", path_, errno);
  size_ = end;
  return size - end;
}

AppendFile::Written AppendFile::append(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  Written written;
  written.error = sync_error_;
  while (written.bytes < lines.size() && written.error == 0) {
    const ssize_t got = write(descriptor_, lines.data() + written.bytes, lines.size() - written.bytes);
    if (got > 0) {
      written.bytes += static_cast<std::size_t>(got);
    } else if (got == 0 || errno != EINTR) {
      written.error = got == 0 ? EIO : errno;
    }
  }
  size_ += written.bytes;
  if (written.error != 0) written.torn = !cut_back(lines, written.bytes);
  return written;
}

/// Takes the last line's beginning back: whoever reads the file finds whole lines. If that fails too, the next start does it.
bool AppendFile::cut_back(std::string_view lines, std::size_t written) {
  const std::size_t last_end = written == 0 ? std::string_view::npos : lines.rfind('\n', written - 1);
  const std::size_t torn = last_end == std::string_view::npos ? written : written - last_end - 1;
  if (torn == 0 || !regular_) return true;
  struct stat status {};
  const bool ours = fstat(descriptor_, &status) == 0 && static_cast<std::uint64_t>(status.st_size) == size_;
  if (!ours || ftruncate(descriptor_, static_cast<off_t>(size_ - torn)) != 0) return false;
  size_ -= torn;
  return true;
}

int AppendFile::sync() {
  const std::lock_guard lock(sync_mutex_);
  if (sync_error_ == 0) sync_error_ = sync_now();
  return sync_error_;
}

int AppendFile::sync_now() const {
  while (fdatasync(descriptor_) != 0) {
    const int error = errno;
    if (error == EINTR) continue;
    const bool knows_no_syncing = !regular_ && (error == EINVAL || error == EROFS);
    return knows_no_syncing && !durable_ ? 0 : error;
  }
  return 0;
}

void AppendFile::leave(std::uint32_t task) {
  const std::lock_guard lock(mutex_);
  tasks_.erase(task);
}

}  // namespace weir::plugins
