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
    ++counts_["other"];
    return std::nullopt;
  }
  ++counts_[std::string(name)];
  const auto [found, first] = places_.try_emplace(std::move(key), Place{now, 0});
  if (first) return 0;
  Place& entry = found->second;
  if (now - entry.written < kQuiet) {
    ++entry.kept_back;
    return std::nullopt;
  }
  entry.written = now;
  return std::exchange(entry.kept_back, 0);
}

unsigned long Alarms::count(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(name);
  return found == counts_.end() ? 0 : found->second;
}

}  // namespace weir::host::observe
