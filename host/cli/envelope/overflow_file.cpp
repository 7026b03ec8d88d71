#include "cli/envelope/overflow_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <mutex>
#include <optional>

#include "checkpoint/file.h"

namespace weir::host::cli {
namespace {

constexpr std::size_t kBlock = 4096;

/// Where the last whole line ends, looking back from `size`; nothing when it cannot be read.
std::optional<off_t> end_of_lines(int file, off_t size) {
  std::array<char, kBlock> block{};
  for (off_t end = size; end > 0;) {
    const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(kBlock));
    const auto want = static_cast<std::size_t>(end - begin);
    if (::pread(file, block.data(), want, begin) != static_cast<ssize_t>(want)) return std::nullopt;
    const std::size_t at = std::string_view(block.data(), want).rfind('\n');
    if (at != std::string_view::npos) return begin + static_cast<off_t>(at) + 1;
    end = begin;
  }
  return 0;
}

class OverflowFile final : public Overflow {
 public:
  OverflowFile(std::string parent, std::string pipeline, LetterPayload payload)
      : parent_(std::move(parent)),
        folder_(parent_ + "/" + pipeline),
        path_(folder_ + "/dead-letters-overflow.ndjson"),
        pipeline_(std::move(pipeline)),
        payload_(payload) {}

  Status keep(std::span<const DeadLetter> letters) override {
    std::string lines;
    for (const DeadLetter& letter : letters)
      lines += error_envelope(*letter.record, pipeline_, payload_, letter.partition, letter.offset) + "\n";
    const std::lock_guard lock(mutex_);
    if (Status status = open(); !status.ok()) return status;
    return append(lines);
  }

  std::string place() const override { return path_; }

 private:
  /// Against `weir dlq drop`, which has it for as long as it rewrites the file.
  static bool lock(int file) {
    while (::flock(file, LOCK_EX) != 0) {
      if (errno != EINTR) return false;
    }
    return true;
  }

  /// While the lock was waited for.
  [[nodiscard]] bool was_replaced(const struct stat& opened) const {
    struct stat named {};
    return ::lstat(path_.c_str(), &named) != 0 || named.st_ino != opened.st_ino || named.st_dev != opened.st_dev;
  }

  Status error(const char* what) const { return errno_status(what, path_); }

  Status open() {
    if (file_) return {};
    if (::mkdir(folder_.c_str(), 0700) != 0 && errno != EEXIST) return error("cannot make the folder of");
    std::unique_ptr<FileDescriptor> file;
    struct stat found {};
    do {
      file = std::make_unique<FileDescriptor>(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
      if (!file->is_open()) return error("cannot open");
      if (!lock(file->get()) || ::fstat(file->get(), &found) != 0) return error("cannot lock");
    } while (was_replaced(found));
    const std::optional<off_t> end = end_of_lines(file->get(), found.st_size);
    if (!end) return error("cannot read");
    if (*end < found.st_size && ::ftruncate(file->get(), *end) != 0) return error("cannot cut the torn last line of");
    for (const std::string& folder : {folder_, parent_}) {
      const FileDescriptor entry(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      if (!entry.is_open() || ::fsync(entry.get()) != 0) return error("cannot make durable the name of");
    }
    end_ = *end;
    file_ = std::move(file);
    return {};
  }

  /// What a full disk leaves of a line is cut, now or when the file is opened again.
  Status append(const std::string& lines) {
    for (std::size_t done = 0; done < lines.size();) {
      const ssize_t wrote =
          ::pwrite(file_->get(), lines.data() + done, lines.size() - done, end_ + static_cast<off_t>(done));
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return close_after("cannot write");
      done += static_cast<std::size_t>(wrote);
    }
    if (::fsync(file_->get()) != 0) return close_after("cannot sync");
    end_ += static_cast<off_t>(lines.size());
    return {};
  }

  Status close_after(const char* what) {
    Status status = error(what);
    static_cast<void>(::ftruncate(file_->get(), end_));
    file_.reset();
    return status;
  }

  const std::string parent_;
  const std::string folder_;
  const std::string path_;
  const std::string pipeline_;
  const LetterPayload payload_;
  std::mutex mutex_;
  std::unique_ptr<FileDescriptor> file_;  // null: not open
  off_t end_ = 0;                         // of the lines that are synced
};

}  // namespace

std::unique_ptr<Overflow> make_overflow_file(const std::string& directory, const std::string& pipeline,
                                             LetterPayload payload) {
  return std::make_unique<OverflowFile>(directory, pipeline, payload);
}

}  // namespace weir::host::cli
