#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir::host::cli {

/// Now, in ms since 1970.
[[nodiscard]] std::int64_t wall_clock_ms();

/// A point of time as a command line says it, in ms since 1970: RFC 3339 ("2026-11-23T04:05:06Z", "…+01:00"), the same without seconds,
/// or without a zone, which is then UTC; a day ("2026-11-23"); "now"; how long before `now_ms` ("-2d", "90m": ms, s, m, h or d).
/// Nothing: it is none of these.
[[nodiscard]] std::optional<std::int64_t> parse_moment(std::string_view text, std::int64_t now_ms);

/// What parse_moment() takes, for messages.
inline constexpr const char* kMomentForms =
    "a time is 2026-11-23, 2026-11-23T04:05:06Z, now, or how long ago: -2d, -90m";

/// "2026-11-23T04:05:06Z"
[[nodiscard]] std::string moment_text(std::int64_t ms);

}  // namespace weir::host::cli
