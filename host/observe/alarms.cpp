#include "observe/alarms.h"

#include <utility>

namespace weir::host::observe {

std::optional<std::uint64_t> Alarms::raise(std::string_view name, std::string_view place, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  std::string key(name);
  key += '\n';
  key += place;
  const bool known = places_.contains(key);
  if (!known && places_.size() >= kPlaces) {
    ++others_;
    return std::nullopt;
  }
  const auto [found, first] = places_.try_emplace(std::move(key), Place{now, 0, 0});
  Place& entry = found->second;
  ++entry.count;
  if (first) return 0;
  if (now - entry.written < kQuiet) {
    ++entry.kept_back;
    return std::nullopt;
  }
  entry.written = now;
  return std::exchange(entry.kept_back, 0);
}

std::vector<Alarms::Count> Alarms::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Count> all;
  for (const auto& [key, entry] : places_) {
    const std::size_t end = key.find('\n');
    all.push_back({key.substr(0, end), key.substr(end + 1), entry.count});
  }
  if (others_ > 0) all.push_back({"other", "", others_});
  return all;
}

unsigned long Alarms::count(std::string_view name) const {
  unsigned long sum = 0;
  for (const Count& each : all()) sum += each.name == name ? each.count : 0;
  return sum;
}

}  // namespace weir::host::observe
