#pragma once
#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

#include "list_reader.h"

namespace weir::plugins {

/// The file of a list, and the set last read from it. Looks whether it changed, reads it when it is stable, keeps the set it has on every
/// error. No threads of its own. Order of calls: (load look*)*.
class ListFile {
 public:
  using Clock = std::chrono::steady_clock;
  using Set = std::shared_ptr<const IdentitySet>;  // shared: whoever still looks into an old set keeps it

  /// `hasher` outlives it.
  ListFile(std::string path, const IdentityHasher& hasher) : path_(std::move(path)), hasher_(hasher) {}

  /// Reads it whatever it was before. Waits up to two seconds for a file that was just written. ListError: cannot be read, refused, was emptied
  /// after it had entries, or keeps changing.
  void load();

  enum class Found {
    nothing,  // no change, or not stable yet
    new_set,
    trouble,  // problem() says what; the set is the old one
  };
  /// One look. A change counts when the file looked the same a second (or more) before; one that goes on for a minute is trouble.
  Found look(Clock::time_point now);

  [[nodiscard]] const Set& set() const { return set_; }
  /// "" when the latest look found none.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  /// What changes when somebody writes to the file or puts another in its place.
  struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t changed_ns = 0;  // mtime, since 1970
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  class Opened;
  struct Change {
    Stamp stamp;
    Clock::time_point seen;   // with this stamp for the first time
    Clock::time_point begun;  // with any stamp but the one of the set
  };

  std::optional<IdentitySet> read(const Opened& file) const;
  Found look_at(const Opened& file, Clock::time_point now);
  void take(IdentitySet set, const Stamp& stamp);

  std::string path_;
  const IdentityHasher& hasher_;
  Set set_ = std::make_shared<const IdentitySet>();
  Stamp taken_;                   // of the file that set_ was read from
  std::optional<Change> change_;  // one that may still go on
  std::optional<Stamp> refused_;
  std::string refusal_;
  std::string problem_;
};

}  // namespace weir::plugins
