#pragma once
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#include <weir/log.hpp>

#include "list_file.h"

namespace weir::plugins {

/// A list that a thread of its own looks at every second. All instances of the process that name the same file and kinds share one: the
/// set is in memory once.
class WatchedList {
 public:
  /// An instance's place at the list. It holds the mutex while it works on records, so a swap happens between its calls.
  struct Seat {
    std::mutex mutex;
    ListFile::Set set;
  };

  /// The one for that file and these kinds, which are sorted.
  static std::shared_ptr<WatchedList> of(const std::string& path, const std::vector<std::string>& kinds);

  WatchedList(const std::string& path, const std::vector<std::string>& kinds);
  ~WatchedList();
  WatchedList(const WatchedList&) = delete;
  WatchedList& operator=(const WatchedList&) = delete;

  [[nodiscard]] const IdentityHasher& hasher() const { return hasher_; }

  /// Gives the seat the set, from now on every new one. The first seat waits for the list to be read. ListError: there is no
  /// usable list. The seat and its log live until leave().
  void enter(Seat& seat, const Log& log);
  void leave(Seat& seat);

 private:
  struct Taken {
    Seat* seat;
    Log log;
  };

  void watch();
  void look();
  void hand_out();
  void say(const char* sentence) const;
  [[nodiscard]] std::string where() const;

  const IdentityHasher hasher_;
  std::mutex mutex_;  // guards all below
  ListFile file_;
  std::vector<Taken> seats_;  // the first one's log tells what happens to the list
  bool loaded_ = false;
  bool stopping_ = false;
  std::condition_variable stopped_;
  std::thread thread_;  // runs while the list is loaded
};

}  // namespace weir::plugins
