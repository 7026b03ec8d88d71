#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "cli/dlq/dlq.h"
#include "cli/dlq/walk.h"
#include "cli/moment.h"
#include "crypto/fingerprint.h"

namespace weir::host::cli {
namespace {

using Number = unsigned long long;

/// Rewrites a file of dead letters without some of its lines: into a file beside it, which then takes its name.
///
/// A worker that writes the file holds its lock, so one of the two is refused or waits. Lines that were replayed are noted under the new file's
/// identity before that file has the name, and under the old one's they are forgotten after: a crash in between forgets nothing.
class Drop {
 public:
  static constexpr std::size_t kBuffer = 256 * 1024;

  static Result<Drop> begin(const DlqOptions& options) {
    std::error_code error;
    const std::string path = std::filesystem::canonical(options.file, error).string();  // a link stays one
    if (error) return Status::config("cannot open '" + options.file + "': " + error.message());
    auto selection = LetterSelection::from(options.letters, wall_clock_ms());
    if (!selection) return selection.status();
    auto lock = std::make_unique<FileDescriptor>(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!lock->is_open() || ::flock(lock->get(), LOCK_EX | LOCK_NB) != 0)
      return Status::config("'" + path + "' is being written: stop the worker first");
    auto file = LetterFile::open(path);  // now that nobody writes it any more
    if (!file) return file.status();
    if (!is_same(lock->get(), file->descriptor()))
      return Status::config("'" + path + "' was replaced just now; try again");
    auto replayed = Replayed::open(path, file->identity());
    if (!replayed) return replayed.status();
    return Drop(std::move(lock), *std::move(file), *std::move(selection), *std::move(replayed));
  }

  Status write() {
    Status status = write_rest();
    if (status.ok()) status = replayed_.append(identity_of(new_->get()), kept_replayed_);
    if (status.ok() && ::rename(new_path_.c_str(), file_.path().c_str()) != 0)
      status = errno_status("cannot replace", file_.path());
    if (!status.ok()) {
      if (new_) ::unlink(new_path_.c_str());
      return status;
    }
    if (Status synced = sync_folder_of(file_.path()); !synced.ok()) return synced;
    return replayed_.keep_only(identity_of(new_->get()));
  }

  [[nodiscard]] Number gone() const { return gone_; }
  [[nodiscard]] Number lines() const { return lines_; }
  [[nodiscard]] const LetterFile& file() const { return file_; }

 private:
  Drop(std::unique_ptr<FileDescriptor> lock, LetterFile file, LetterSelection selection, Replayed replayed)
      : lock_(std::move(lock)),
        file_(std::move(file)),
        selection_(std::move(selection)),
        replayed_(std::move(replayed)) {}

  static bool is_same(int one, int other) {
    struct stat first {};
    struct stat second {};
    return ::fstat(one, &first) == 0 && ::fstat(other, &second) == 0 && first.st_ino == second.st_ino &&
           first.st_dev == second.st_dev;
  }

  Status write_rest() {
    new_path_ = file_.path() + ".dlq-drop";
    ::unlink(new_path_.c_str());  // what a crash left
    new_ = std::make_unique<FileDescriptor>(
        ::open(new_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    struct stat old {};
    if (!new_->is_open() || ::fstat(file_.descriptor(), &old) != 0) return errno_status("cannot make", new_path_);
    // Its owner and who may read it stay; only root can give a file away.
    if (::fchown(new_->get(), old.st_uid, old.st_gid) != 0 && old.st_uid != ::geteuid())
      return errno_status("cannot give to its owner", new_path_);
    if (::fchmod(new_->get(), old.st_mode & 07777) != 0) return errno_status("cannot set the mode of", new_path_);
    const Status walked = walk_letters(file_, selection_, replayed_, [this](const SeenLine& seen) {
      ++lines_;
      if (seen.chosen) ++gone_;
      return seen.chosen || keep(seen);
    });
    if (!walked.ok()) return walked;
    if (too_long_) return Status::fatal("a line that stays is too long to be copied; nothing was dropped");
    if (!flush() || ::fsync(new_->get()) != 0) return errno_status("cannot write", new_path_);
    return {};
  }

  /// False: it cannot be written.
  bool keep(const SeenLine& seen) {
    if (seen.line.too_long) {
      too_long_ = true;
      return false;
    }
    if (seen.replayed) kept_replayed_.push_back({size_, crypto::fingerprint(seen.line.text)});
    buffer_.append(seen.line.text).append("\n");
    size_ += seen.line.text.size() + 1;
    return buffer_.size() < kBuffer || flush();
  }

  bool flush() {
    const bool written = write_all(new_->get(), buffer_);
    failed_ = failed_ || !written;
    buffer_.clear();
    return !failed_;
  }

  std::unique_ptr<FileDescriptor> lock_;  // of the file, until this goes
  LetterFile file_;
  LetterSelection selection_;
  Replayed replayed_;
  std::string new_path_;
  std::unique_ptr<FileDescriptor> new_;
  std::string buffer_;
  std::uint64_t size_ = 0;  // of the new file
  bool failed_ = false;
  bool too_long_ = false;  // a line that is kept cannot be read whole
  std::vector<Replayed::Line> kept_replayed_;
  Number gone_ = 0;
  Number lines_ = 0;
};

struct Count {
  Number gone = 0;
  Number lines = 0;
};

/// What would go, as things are.
Result<Count> count(const DlqOptions& options) {
  auto selection = LetterSelection::from(options.letters, wall_clock_ms());
  if (!selection) return selection.status();
  auto file = LetterFile::open(options.file);
  if (!file) return file.status();
  const auto replayed = Replayed::read(options.file, file->identity());
  if (!replayed) return replayed.status();
  Count count;
  Status status = walk_letters(*file, *selection, *replayed, [&](const SeenLine& seen) {
    ++count.lines;
    if (seen.chosen) ++count.gone;
    return true;
  });
  if (!status.ok()) return status;
  return count;
}

bool confirmed(const DlqOptions& options, const Count& count) {
  std::fprintf(stderr, "Drop %llu of %llu dead letters in '%s' for good? [y/N] ", count.gone, count.lines,
               options.file.c_str());
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

/// Exit code kExitDone: it may be done. Asks where somebody can answer, before the file is locked.
int ask(const DlqOptions& options) {
  const auto counted = count(options);
  if (!counted) return complain_of(counted.status());
  if (counted->gone == 0 || options.yes) return kExitDone;
  if (::isatty(STDIN_FILENO) == 0) {
    return complain("this would drop " + std::to_string(counted->gone) + " of " + std::to_string(counted->lines) +
                        " dead letters for good; --yes does it",
                    kExitUsage);
  }
  return confirmed(options, *counted) ? kExitDone : complain("nothing was dropped", kExitUsage);
}

}  // namespace

int dlq_drop(const DlqOptions& options) {
  if (options.letters.chooses_all() && options.letters.limit == 0 && !options.all)
    return complain("which? --replayed, --code, --transform, --number …, or --all", kExitUsage);
  if (const int code = ask(options); code != kExitDone) return code;
  auto drop = Drop::begin(options);
  if (!drop) return complain_of(drop.status());
  if (const Status written = drop->write(); !written.ok()) return complain(written.message(), kExitFailed);
  std::printf("dropped %llu of %llu\n", drop->gone(), drop->lines());
  if (drop->file().torn() > 0)
    std::fprintf(stderr, "weir: a torn last line of %llu bytes went too: its record comes again\n",
                 static_cast<Number>(drop->file().torn()));
  return kExitDone;
}

}  // namespace weir::host::cli
