#include "list_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <thread>

namespace weir::plugins {
namespace {

constexpr std::chrono::seconds kStable{1};  // design section 8: same size and mtime a second apart
constexpr std::chrono::minutes kLongestChange{1};

[[noreturn]] void throw_errno(const char* what) {
  throw ListError(std::string(what) + ": " + std::generic_category().message(errno));
}

}  // namespace

class ListFile::Opened {
 public:
  /// Never waits: a pipe in place of the file would.
  explicit Opened(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) throw_errno("cannot be opened");
    try {
      stamp_ = stamp();
    } catch (...) {
      close(descriptor_);
      throw;
    }
  }
  ~Opened() { close(descriptor_); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  [[nodiscard]] int descriptor() const { return descriptor_; }
  /// When it was opened.
  [[nodiscard]] const Stamp& first_stamp() const { return stamp_; }
  [[nodiscard]] Stamp stamp() const {
    struct stat now {};
    if (fstat(descriptor_, &now) != 0) throw_errno("cannot be looked at");
    if (!S_ISREG(now.st_mode)) throw ListError("is not a regular file");
    return {now.st_dev, now.st_ino, now.st_size,
            std::int64_t{now.st_mtim.tv_sec} * 1'000'000'000 + now.st_mtim.tv_nsec};
  }
  /// Nobody has written to it for a second.
  [[nodiscard]] bool is_old() const {
    const auto written = std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(stamp_.changed_ns));
    return std::chrono::system_clock::now() - written >= kStable;
  }

 private:
  int descriptor_;
  Stamp stamp_;
};

void ListFile::load() {
  std::optional<Stamp> before;
  for (int looks = 0; looks < 3; ++looks) {
    if (looks > 0) std::this_thread::sleep_for(kStable);
    const Opened file(path_);
    const bool stable = file.is_old() || before == file.first_stamp();
    before = file.first_stamp();
    if (!stable) continue;
    if (auto set = read(file)) {
      problem_.clear();
      return take(*std::move(set), file.first_stamp());
    }
  }
  throw ListUnstable("keeps changing");
}

ListFile::Found ListFile::look(Clock::time_point now) {
  problem_.clear();
  try {
    return look_at(Opened(path_), now);
  } catch (const ListError& error) {
    problem_ = error.what();
  } catch (const std::bad_alloc&) {
    problem_ = "needs more memory than there is";
  }
  return Found::trouble;
}

ListFile::Found ListFile::look_at(const Opened& file, Clock::time_point now) {
  const Stamp& stamp = file.first_stamp();
  if (stamp == taken_) {
    change_.reset();
    return Found::nothing;
  }
  if (stamp == refused_) throw ListError(refusal_);
  if (!change_ || change_->stamp != stamp) change_ = Change{stamp, now, change_ ? change_->begun : now};
  if (now - change_->seen < kStable) {
    if (now - change_->begun >= kLongestChange) throw ListUnstable("keeps changing");
    return Found::nothing;
  }
  try {
    auto set = read(file);
    if (!set) return Found::nothing;
    take(*std::move(set), stamp);
    return Found::new_set;
  } catch (const ListError& error) {
    refused_ = stamp;
    refusal_ = error.what();
    throw;
  }
}

/// Empty: somebody wrote to it meanwhile.
std::optional<IdentitySet> ListFile::read(const Opened& file) const {
  try {
    IdentitySet set = read_list(file.descriptor(), hasher_);
    if (set.size() == 0 && set_->size() > 0) throw ListError("was emptied");
    if (file.stamp() == file.first_stamp()) return set;
  } catch (const ListError&) {
    if (file.stamp() == file.first_stamp()) throw;
  }
  return std::nullopt;
}

void ListFile::take(IdentitySet set, const Stamp& stamp) {
  set_ = std::make_shared<const IdentitySet>(std::move(set));
  taken_ = stamp;
  change_.reset();
  refused_.reset();
}

}  // namespace weir::plugins
