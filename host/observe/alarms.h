#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::host::observe {

/// Counts alarms by name and decides which of them are written: the first of each name and place, then one a minute.
/// Thread-safe. One for the process.
class Alarms {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kQuiet{60};
  /// Names of plugins may be made up without end: beyond so many names and places new ones count as "other" and stay quiet.
  static constexpr std::size_t kPlaces = 1000;

  /// Counts one. A value: write it, so many were kept back since the last written one. Nothing: stay quiet.
  std::optional<std::uint64_t> raise(std::string_view name, std::string_view place, Clock::time_point now);
  [[nodiscard]] unsigned long count(std::string_view name) const;

  struct Count {
    std::string name;
    std::string place;  // empty: those counted as "other"
    std::uint64_t count = 0;
  };
  /// Every alarm that was raised, by name and place.
  [[nodiscard]] std::vector<Count> all() const;

 private:
  struct Place {
    Clock::time_point written;
    std::uint64_t kept_back = 0;
    std::uint64_t count = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Place, std::less<>> places_;  // by name and place
  std::uint64_t others_ = 0;
};

}  // namespace weir::host::observe
