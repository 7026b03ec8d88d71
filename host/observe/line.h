#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "observe/log.h"

namespace weir::host::observe {

/// What a log line is made of. Views; nothing is kept.
struct Line {
  std::int64_t time_ms = 0;  // wall clock, since 1970
  LogLevel level = LogLevel::info;
  std::string_view sentence;
  std::span<const std::pair<std::string, LogValue>> context;
  std::span<const LogField> fields;
};

/// `2026-11-22T14:00:00.123Z warn  Sentence. key=value` or one JSON object, its numbers as
/// such; without a line end. Control characters and bytes that
/// are not UTF-8 come out escaped, so a line is always one line and safe for a terminal.
[[nodiscard]] std::string format_line(LogFormat format, const Line& line);

[[nodiscard]] std::string_view level_name(LogLevel level);

}  // namespace weir::host::observe
