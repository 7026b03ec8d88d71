#include "watched_list.h"

#include <algorithm>
#include <map>
#include <utility>

namespace weir::plugins {
namespace {

constexpr std::chrono::seconds kInterval{1};

}  // namespace

std::shared_ptr<WatchedList> WatchedList::of(const std::string& path, const std::vector<std::string>& kinds) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, std::vector<std::string>>, std::weak_ptr<WatchedList>> lists;
  const std::lock_guard lock(mutex);
  std::weak_ptr<WatchedList>& known = lists[{path, kinds}];
  if (auto list = known.lock()) return list;
  auto made = std::make_shared<WatchedList>(path, kinds);
  known = made;
  return made;
}

WatchedList::WatchedList(const std::string& path, const std::vector<std::string>& kinds)
    : hasher_(kinds), file_(path, hasher_) {}

WatchedList::~WatchedList() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void WatchedList::enter(Seat& seat, const Log& log) {
  const std::lock_guard lock(mutex_);
  if (loaded_ && !file_.problem().empty()) throw ListError(file_.problem());
  if (!loaded_) file_.load();
  seats_.push_back({&seat, log});
  {
    const std::lock_guard seat_lock(seat.mutex);
    seat.set = file_.set();
  }
  if (std::exchange(loaded_, true)) return;
  say("The suppression list is in force.");
  thread_ = std::thread([this] { watch(); });
}

void WatchedList::leave(Seat& seat) {
  const std::lock_guard lock(mutex_);
  std::erase_if(seats_, [&](const Taken& taken) { return taken.seat == &seat; });
  const std::lock_guard seat_lock(seat.mutex);
  seat.set.reset();
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
