#include "watched_list.h"

#include <algorithm>
#include <map>
#include <utility>

namespace weir::plugins {
namespace {

constexpr std::chrono::seconds kInterval{1};

}  // namespace

WatchedList& WatchedList::of(const std::string& path, const std::vector<std::string>& kinds) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::vector<std::string>>, WatchedList> lists;
  const std::lock_guard lock(mutex);
  return lists.try_emplace({path, kinds}, path, kinds).first->second;
}

WatchedList::WatchedList(const std::string& path, const std::vector<std::string>& kinds)
    : hasher_(kinds), file_(path, hasher_) {}

WatchedList::~WatchedList() { stop_watching(); }

void WatchedList::enter(Seat& seat, const Log& log) {
  const std::lock_guard door(door_);
  const std::lock_guard lock(mutex_);
  const bool first = seats_.empty();
  if (first) file_.load();
  if (!file_.problem().empty()) throw ListError(file_.problem());
  seats_.reserve(seats_.size() + 1);
  if (first) start_watching();
  seats_.push_back({&seat, log});
  if (first) say("The suppression list is in force.");
  const std::lock_guard seat_lock(seat.mutex);
  seat.set = file_.set();
}

void WatchedList::start_watching() {
  stopping_ = false;
  thread_ = std::thread([this] { watch(); });
}

void WatchedList::leave(Seat& seat) {
  const std::lock_guard door(door_);
  bool last = false;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(seats_, [&](const Taken& taken) { return taken.seat == &seat; });
    last = seats_.empty();
    const std::lock_guard seat_lock(seat.mutex);
    seat.set.reset();
  }
  if (last) stop_watching();
}

void WatchedList::stop_watching() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WatchedList::watch() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, kInterval, [this] { return stopping_; })) look();
}

/// Says that a new set is in force only when every instance has it.
void WatchedList::look() {
  const ListFile::Found found = file_.look(ListFile::Clock::now());
  if (found == ListFile::Found::new_set) {
    hand_out();
    say("The suppression list was swapped.");
  } else if (found == ListFile::Found::trouble && !seats_.empty()) {
    seats_.front().log.alarm("suppression_list", "The suppression list cannot be used, the old one stays in force. " +
                                                     where() + " reason=\"" + file_.problem() + '"');
  }
}

void WatchedList::hand_out() {
  for (const Taken& taken : seats_) {
    ListFile::Set set = file_.set();
    const std::lock_guard lock(taken.seat->mutex);
    taken.seat->set.swap(set);
  }
}

void WatchedList::say(const char* sentence) const {
  if (!seats_.empty()) seats_.front().log.info(sentence + (' ' + where()));
}

std::string WatchedList::where() const {
  return "list=" + file_.path() + " entries=" + std::to_string(file_.set()->size()) +
         " bytes=" + std::to_string(file_.set()->bytes());
}

}  // namespace weir::plugins
