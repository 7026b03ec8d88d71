#include "observe/log.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "observe/alarms.h"
#include "observe/line.h"

namespace weir::host {
namespace {

std::atomic<LogLevel> current_level{LogLevel::info};
std::atomic<LogFormat> current_format{LogFormat::text};

/// Writes finished lines. Never destroyed: threads of client libraries may still log while the process exits.
spdlog::logger& output() {
  static spdlog::logger& logger = *[] {
    auto made = std::make_unique<spdlog::logger>("weir", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v", spdlog::pattern_time_type::utc, "\n"));
    made->set_level(spdlog::level::trace);  // Log filters
    return made.release();
  }();
  return logger;
}

observe::Alarms& alarms() {
  static observe::Alarms& all = *std::make_unique<observe::Alarms>().release();  // as output()
  return all;
}

std::int64_t wall_clock_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string place_of(std::span<const std::pair<std::string, LogValue>> context) {
  std::string place;
  for (const auto& [key, value] : context) place.append(key).append("=").append(value.text).append("\n");
  return place;
}

/// The reverse, of one key.
std::string pipeline_of(std::string_view place) {
  constexpr std::string_view kKey = "pipeline=";
  if (!place.starts_with(kKey)) return {};
  return std::string(place.substr(kKey.size(), place.find('\n') - kKey.size()));
}

bool is_alarm_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;
  return !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

LogValue::LogValue(double value) : is_number(std::isfinite(value)) {
  std::array<char, 400> digits{};
  const int size = std::snprintf(digits.data(), digits.size(), "%.3f", value);
  text.assign(digits.data(), static_cast<std::size_t>(size));
}

void start_log(LogLevel level, LogFormat format) {
  current_level = level;
  current_format = format;
  output();
}

LogLevel Log::level() { return current_level.load(std::memory_order_relaxed); }
LogFormat Log::format() { return current_format; }

Log Log::with(std::string_view key, LogValue value) const {
  Log more = *this;
  more.context_.emplace_back(key, std::move(value));
  return more;
}

void Log::write(LogLevel level, std::string_view sentence, std::initializer_list<LogField> fields) const {
  if (enabled(level)) emit(level, sentence, {fields.begin(), fields.size()});
}

void Log::alarm(std::string_view name, std::string_view sentence, std::initializer_list<LogField> fields) const {
  const auto kept_back = alarms().raise(name, place_of(context_), observe::Alarms::Clock::now());
  if (!kept_back) return;
  std::vector<LogField> all{{"alarm", std::string(name)}};
  all.insert(all.end(), fields.begin(), fields.end());
  if (*kept_back > 0) all.emplace_back("kept_back", *kept_back);
  emit(LogLevel::error, sentence, all);
}

void Log::emit(LogLevel level, std::string_view sentence, std::span<const LogField> fields) const {
  const observe::Line line{wall_clock_ms(), level, sentence, context_, fields};
  output().log(spdlog::level::info, observe::format_line(current_format, line));
}

std::vector<AlarmCount> alarm_counts() {
  std::map<std::pair<std::string, std::string>, std::uint64_t> sums;
  for (const observe::Alarms::Count& each : alarms().all()) {
    const bool is_name = is_alarm_name(each.name);
    sums[{is_name ? each.name : std::string("other"), pipeline_of(each.place)}] += each.count;
  }
  std::vector<AlarmCount> counts;
  for (const auto& [where, count] : sums) counts.push_back({where.first, where.second, count});
  return counts;
}

unsigned long alarm_count(std::string_view name) { return alarms().count(name); }

}  // namespace weir::host
