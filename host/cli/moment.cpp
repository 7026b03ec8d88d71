#include "cli/moment.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "spec/scalar.h"

namespace weir::host::cli {
namespace {

namespace chrono = std::chrono;

/// Takes a text apart from its front. What does not fit makes all of it fail.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool done() const { return good_ && rest_.empty(); }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool skip_if(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip(char c) { good_ = skip_if(c) && good_; }
  /// So many digits.
  int number(std::size_t digits) {
    int value = 0;
    const std::string_view text = rest_.substr(0, digits);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits =
        text.size() == digits && !text.starts_with('-') && error == std::errc() && end == text.data() + text.size();
    good_ = good_ && fits;
    rest_.remove_prefix(text.size());
    return fits ? value : 0;
  }
  /// Digits behind the seconds' point, of which the first three count.
  int milliseconds() {
    int value = 0;
    std::size_t digits = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), ++digits) {
      if (digits < 3) value = value * 10 + (rest_.front() - '0');
    }
    good_ = good_ && digits > 0;
    for (; digits < 3; ++digits) value *= 10;
    return value;
  }
  void refuse_unless(bool condition) { good_ = good_ && condition; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

chrono::milliseconds time_of_day(Scanner& text) {
  const int hour = text.number(2);
  text.skip(':');
  const int minute = text.number(2);
  const bool with_seconds = text.skip_if(':');
  const int second = with_seconds ? text.number(2) : 0;
  const int fraction = with_seconds && text.skip_if('.') ? text.milliseconds() : 0;
  text.refuse_unless(hour < 24 && minute < 60 && second < 60);
  return chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second) + chrono::milliseconds(fraction);
}

/// How far the zone is ahead of UTC.
chrono::minutes zone(Scanner& text) {
  if (text.at_end() || text.skip_if('Z') || text.skip_if('z')) return {};
  const bool west = text.skip_if('-');
  if (!west) text.skip('+');
  const int hours = text.number(2);
  text.skip(':');
  const int minutes = text.number(2);
  text.refuse_unless(hours < 24 && minutes < 60);
  const chrono::minutes ahead = chrono::hours(hours) + chrono::minutes(minutes);
  return west ? -ahead : ahead;
}

std::optional<std::int64_t> parse_date(std::string_view from) {
  Scanner text(from);
  const int year = text.number(4);
  text.skip('-');
  const int month = text.number(2);
  text.skip('-');
  const chrono::year_month_day day(chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                   chrono::day(static_cast<unsigned>(text.number(2))));
  text.refuse_unless(day.ok());
  chrono::milliseconds time{0};
  if (!text.at_end()) {
    if (!text.skip_if('T') && !text.skip_if('t')) text.skip(' ');
    time = time_of_day(text);
    time -= zone(text);
  }
  if (!text.done()) return std::nullopt;
  return chrono::duration_cast<chrono::milliseconds>(chrono::sys_days(day).time_since_epoch() + time).count();
}

}  // namespace

std::int64_t wall_clock_ms() {
  const auto now = chrono::system_clock::now().time_since_epoch();
  return chrono::duration_cast<chrono::milliseconds>(now).count();
}

std::optional<std::int64_t> parse_moment(std::string_view text, std::int64_t now_ms) {
  if (text == "now") return now_ms;
  const std::string ago(text.starts_with('-') ? text.substr(1) : text);
  if (const auto duration = spec::parse_duration(ago)) return now_ms - *duration;
  return parse_date(text);
}

std::string moment_text(std::int64_t ms) {
  const chrono::sys_time<chrono::milliseconds> time{chrono::milliseconds(ms)};
  const auto day = chrono::floor<chrono::days>(time);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss clock(chrono::floor<chrono::seconds>(time - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

}  // namespace weir::host::cli
