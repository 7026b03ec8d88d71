#include "cli/spool_tools/words.h"

#include <array>
#include <cstdio>
#include <utility>

namespace weir::host::cli {

std::string age_text(std::int64_t ms) {
  constexpr std::array<std::pair<std::int64_t, const char*>, 4> kUnits{
      {{86400, "d"}, {3600, "h"}, {60, "m"}, {1, "s"}}};
  std::int64_t seconds = ms > 0 ? ms / 1000 : 0;
  std::string text;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const std::int64_t units = seconds / kUnits[i].first;
    if (units == 0) continue;
    text = std::to_string(units) + kUnits[i].second;
    const std::int64_t rest = i + 1 < kUnits.size() ? seconds % kUnits[i].first / kUnits[i + 1].first : 0;
    if (rest > 0) text += " " + std::to_string(rest) + kUnits[i + 1].second;
    return text;
  }
  return "0s";
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 5> kUnits{"B", "KiB", "MiB", "GiB", "TiB"};
  constexpr double kStep = 1024;
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (; value >= kStep && unit + 1 < kUnits.size(); ++unit) value /= kStep;
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kUnits[unit]);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string count_text(std::uint64_t count) {
  std::string text = std::to_string(count);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

}  // namespace weir::host::cli
