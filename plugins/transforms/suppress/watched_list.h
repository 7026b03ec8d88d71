#pragma once
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>
#include <weir/log.hpp>

#include "list_file.h"

namespace weir::plugins {

/// A list that a thread of its own looks at every second, while somebody uses it. All instances of the process that name the same file and
/// kinds share one: the set is in memory once. It stays when nobody uses it any more, and knows at the next start that it had entries.
class WatchedList {
 public:
  /// An instance's place at the list. It holds the mutex while it works on records, so a swap happens between its calls.
  struct Seat {
    std::mutex mutex;
    ListFile::Set set;
  };

  /// The one for that file and these kinds, which are sorted.
  static WatchedList& of(const std::string& path, const std::vector<std::string>& kinds);

  WatchedList(const std::string& path, const std::vector<std::string>& kinds);
  ~WatchedList();
  WatchedList(const WatchedList&) = delete;
  WatchedList& operator=(const WatchedList&) = delete;

  [[nodiscard]] const IdentityHasher& hasher() const { return hasher_; }

  /// Gives the seat the set, from now on every new one. The first seat waits for the list to be read. ListError: there is no
  /// usable list. The seat and its log live until leave(), which waits for a reading that runs.
  void enter(Seat& seat, const Log& log);
  void leave(Seat& seat);

 private:
  struct Taken {
    Seat* seat;
    Log log;
  };

  void start_watching();
  void stop_watching();
  void watch();
  void look();
  void hand_out();
  void say(const char* sentence) const;
  [[nodiscard]] std::string where() const;

  const IdentityHasher hasher_;
  std::mutex door_;     // held by who enters or leaves; guards the thread
  std::thread thread_;  // runs while a seat is taken
  std::mutex mutex_;    // guards all below
  ListFile file_;
  std::vector<Taken> seats_;  // the first one's log tells what happens to the list
  bool stopping_ = false;
  std::condition_variable stopped_;
};

}  // namespace weir::plugins
