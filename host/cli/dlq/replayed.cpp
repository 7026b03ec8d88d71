#include "cli/dlq/replayed.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "cli/dlq/file.h"
#include "crypto/fingerprint.h"

namespace weir::host::cli {
namespace {

/// Beside the file itself, whatever link names it.
std::string path_for(const std::string& letters) {
  std::error_code error;
  const auto path = std::filesystem::weakly_canonical(letters, error);
  return (error ? letters : path.string()) + ".replayed";
}

/// A line's three words.
struct Entry {
  std::string_view identity;
  std::uint64_t offset = 0;
  std::string_view fingerprint;
};

bool parse(std::string_view line, Entry& out) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return false;
  out.identity = line.substr(0, first);
  out.fingerprint = line.substr(second + 1);
  const std::string_view number = line.substr(first + 1, second - first - 1);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), out.offset);
  return error == std::errc() && end == number.data() + number.size();
}

std::string text_of(const std::string& identity, const std::vector<Replayed::Line>& lines) {
  std::string text;
  for (const Replayed::Line& line : lines)
    text += identity + " " + std::to_string(line.offset) + " " + line.fingerprint + "\n";
  return text;
}

}  // namespace

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(descriptor, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

Status sync_folder_of(const std::string& path) {
  const std::string folder = std::filesystem::absolute(path).parent_path().string();
  const FileDescriptor entry(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!entry.is_open() || (::fsync(entry.get()) != 0 && errno != EINVAL)) return errno_status("cannot sync", folder);
  return {};
}

Result<Replayed> Replayed::read(const std::string& letters, const std::string& identity) {
  Replayed replayed(path_for(letters), identity);
  auto file = std::make_unique<FileDescriptor>(::open(replayed.path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file->is_open() && errno == ENOENT) return replayed;
  if (!file->is_open()) return errno_status("cannot open", replayed.path_);
  replayed.file_ = std::move(file);
  if (Status status = replayed.load(); !status.ok()) return status;
  return replayed;
}

Result<Replayed> Replayed::open(const std::string& letters, const std::string& identity) {
  Replayed replayed(path_for(letters), identity);
  replayed.file_ = std::make_unique<FileDescriptor>(
      ::open(replayed.path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!replayed.file_->is_open()) return errno_status("cannot open", replayed.path_);
  if (::flock(replayed.file_->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK)
      return Status::config("another `weir dlq` replays or drops letters of '" + letters + "' just now");
    return errno_status("cannot lock", replayed.path_);
  }
  const FileDescriptor named(::open(replayed.path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!named.is_open() || identity_of(named.get()) != identity_of(replayed.file_->get()))
    return Status::config("'" + replayed.path_ + "' was replaced just now; try again");
  if (Status status = replayed.load(); !status.ok()) return status;
  if (::ftruncate(replayed.file_->get(), static_cast<off_t>(replayed.end_)) != 0)
    return errno_status("cannot cut the torn last line of", replayed.path_);
  if (Status status = sync_folder_of(replayed.path_); !status.ok()) return status;
  return replayed;
}

Status Replayed::load() {
  auto opened = LetterFile::open(path_);  // any file of lines
  if (!opened) return opened.status();
  LetterFile::Line line;
  Entry entry;
  while (opened->next(line)) {
    end_ = line.offset + line.text.size() + 1;
    if (!parse(line.text, entry)) continue;
    if (entry.identity == identity_)
      lines_[entry.offset] = entry.fingerprint;
    else
      ++foreign_;
  }
  return opened->status();
}

bool Replayed::contains(std::uint64_t offset, std::string_view line) const {
  const auto found = lines_.find(offset);
  return found != lines_.end() && found->second == crypto::fingerprint(line);
}

Status Replayed::append(const std::string& identity, const std::vector<Line>& lines) {
  if (lines.empty()) return {};
  if (!write_all(file_->get(), text_of(identity, lines))) return errno_status("cannot write", path_);
  if (::fdatasync(file_->get()) != 0) return errno_status("cannot sync", path_);
  if (identity == identity_) {
    for (const Line& line : lines) lines_[line.offset] = line.fingerprint;
  }
  return {};
}

Status Replayed::keep_only(const std::string& identity) {
  auto kept = Replayed::read(path_.substr(0, path_.size() - std::string_view(".replayed").size()), identity);
  if (!kept) return kept.status();
  if (kept->lines_.empty()) return ::unlink(path_.c_str()) == 0 ? Status() : errno_status("cannot remove", path_);
  if (kept->foreign_ == 0) return {};
  std::vector<Line> lines;
  for (auto& [offset, fingerprint] : kept->lines_) lines.push_back({offset, fingerprint});
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.offset < b.offset; });
  const std::string temporary = path_ + ".new";
  const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.is_open()) return errno_status("cannot open", temporary);
  if (!write_all(file.get(), text_of(identity, lines)) || ::fsync(file.get()) != 0 ||
      ::rename(temporary.c_str(), path_.c_str()) != 0)
    return errno_status("cannot write", temporary);
  return sync_folder_of(path_);
}

}  // namespace weir::host::cli
