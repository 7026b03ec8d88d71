#pragma once
#include <weir/abi.h>

#include <concepts>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::host {

/// How much is logged; the numbers are WEIR_LOG_ERROR to WEIR_LOG_TRACE of abi.h.
enum class LogLevel : int { error = WEIR_LOG_ERROR, warn, info, debug, trace };
enum class LogFormat { text, json };

/// The value of a field: a text or a number, which JSON lines tell apart.
struct LogValue {
  LogValue(std::string value) : text(std::move(value)) {}  // NOLINT: meant to convert, as all of these
  LogValue(std::string_view value) : text(value) {}        // NOLINT
  LogValue(const char* value) : text(value) {}             // NOLINT
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) LogValue(Number value)
      : text(std::to_string(value)), is_number(true) {}  // NOLINT
  /// Rounded to thousandths.
  LogValue(double value);  // NOLINT

  std::string text;
  bool is_number = false;
};

/// One `key=value` of a line. Whoever logs never hands over record data or secrets.
using LogField = std::pair<std::string_view, LogValue>;

/// Starts the log of the process: lines on standard error, one write each. [control], once, before other threads.
void start_log(LogLevel level, LogFormat format);

/// A named place to log from: every line carries its fields (pipeline=…, task=…). A value; copied per component, not per record.
/// Thread-safe. Before start_log() lines are text from level info on.
class Log {
 public:
  Log() = default;
  /// A log whose lines also carry `key=value`.
  [[nodiscard]] Log with(std::string_view key, LogValue value) const;

  [[nodiscard]] static LogLevel level();
  [[nodiscard]] static LogFormat format();
  [[nodiscard]] static bool enabled(LogLevel level) { return level <= Log::level(); }

  void error(std::string_view sentence, std::initializer_list<LogField> fields = {}) const {
    write(LogLevel::error, sentence, fields);
  }
  void warn(std::string_view sentence, std::initializer_list<LogField> fields = {}) const {
    write(LogLevel::warn, sentence, fields);
  }
  void info(std::string_view sentence, std::initializer_list<LogField> fields = {}) const {
    write(LogLevel::info, sentence, fields);
  }
  void debug(std::string_view sentence, std::initializer_list<LogField> fields = {}) const {
    write(LogLevel::debug, sentence, fields);
  }
  void write(LogLevel level, std::string_view sentence, std::initializer_list<LogField> fields = {}) const;

  /// An error line with alarm=NAME, at most one a minute for each name and context; every call counts in alarm_count().
  void alarm(std::string_view name, std::string_view sentence, std::initializer_list<LogField> fields = {}) const;

 private:
  void emit(LogLevel level, std::string_view sentence, std::span<const LogField> fields) const;

  std::vector<std::pair<std::string, LogValue>> context_;  // pipeline=a, task=0
};

/// How often alarm NAME was raised in this process. Thread-safe.
[[nodiscard]] unsigned long alarm_count(std::string_view name);

struct AlarmCount {
  std::string alarm;     // what is no name of lower-case letters, digits and _, at most 64 long, counts as "other"
  std::string pipeline;  // from the log's context; empty: none
  std::uint64_t count = 0;
};
/// How often each alarm was raised in this process. Thread-safe.
[[nodiscard]] std::vector<AlarmCount> alarm_counts();

}  // namespace weir::host
