#include "cli/dlq_select.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "spec/scalar.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

bool has(const std::vector<std::string>& words, const std::string& word) {
  return words.empty() || std::find(words.begin(), words.end(), word) != words.end();
}

bool parse_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && out > 0;
}

/// The digits at `at` as a number; -1: there are none.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = -1;
  if (at + count > text.size()) return -1;
  const char* const first = text.data() + at;
  const bool all = std::all_of(first, first + count, [](char c) { return c >= '0' && c <= '9'; });
  if (all) std::from_chars(first, first + count, value);
  return value;
}

/// Whether the marks of `pattern` stand where `text` has them; a '0' stands for a digit.
bool has_form(std::string_view text, std::string_view pattern) {
  return text.size() == pattern.size() && std::equal(text.begin(), text.end(), pattern.begin(), [](char c, char form) {
           return form == '0' ? c >= '0' && c <= '9' : c == form;
         });
}

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.ends_with('Z') && text.size() > 10) text.remove_suffix(1);
  static constexpr std::array<std::string_view, 3> kForms{"0000-00-00", "0000-00-00T00:00", "0000-00-00T00:00:00"};
  if (std::none_of(kForms.begin(), kForms.end(), [&](std::string_view form) { return has_form(text, form); }))
    return std::nullopt;
  namespace chrono = std::chrono;
  const chrono::year_month_day day(chrono::year(digits(text, 0, 4)),
                                   chrono::month(static_cast<unsigned>(digits(text, 5, 2))),
                                   chrono::day(static_cast<unsigned>(digits(text, 8, 2))));
  const int hour = std::max(0, digits(text, 11, 2));
  const int minute = std::max(0, digits(text, 14, 2));
  const int second = std::max(0, digits(text, 17, 2));
  if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto time = chrono::sys_days(day) + chrono::hours(hour) + chrono::minutes(minute) + chrono::seconds(second);
  return chrono::duration_cast<chrono::milliseconds>(time.time_since_epoch()).count();
}

Status not_understood(const char* option, const std::string& text, const char* hint) {
  return Status::config(std::string(option) + ": " + spec::in_quotes(text) + " is not understood; " + hint);
}

}  // namespace

std::optional<std::int64_t> parse_time(const std::string& text, std::int64_t now_ms) {
  if (const auto ago = spec::parse_duration(text)) return now_ms - *ago;
  return parse_date(text);
}

Result<LetterSelection> LetterSelection::from(const LetterOptions& options, std::int64_t now_ms) {
  constexpr const char* kTimes = "a time is 2026-11-23, 2026-11-23T04:05:06Z, or how long ago: 90m, 2d";
  LetterSelection selection;
  selection.options_ = options;
  if (!options.since.empty()) {
    selection.since_ = parse_time(options.since, now_ms);
    if (!selection.since_) return not_understood("--since", options.since, kTimes);
  }
  if (!options.until.empty()) {
    selection.until_ = parse_time(options.until, now_ms);
    if (!selection.until_) return not_understood("--until", options.until, kTimes);
  }
  for (const std::string& text : options.numbers) {
    const std::size_t dash = text.find('-');
    Range range{};
    const bool good = dash == std::string::npos ? parse_number(text, range.first)
                                                : parse_number(std::string_view(text).substr(0, dash), range.first) &&
                                                      parse_number(std::string_view(text).substr(dash + 1), range.last);
    if (dash == std::string::npos) range.last = range.first;
    if (!good || range.last < range.first)
      return not_understood("--number", text, "a number is that of a line, 7, or a range, 7-12");
    selection.ranges_.push_back(range);
  }
  return selection;
}

bool LetterSelection::takes(std::uint64_t number, const Letter& letter, bool replayed) const {
  if ((options_.replayed && !replayed) || (options_.waiting && replayed)) return false;
  if (!takes_number(number) || !has(options_.codes, letter.code) || !has(options_.transforms, letter.transform) ||
      !has(options_.pipelines, letter.pipeline))
    return false;
  const std::int64_t time = letter.record.timestamp_ms;
  if ((since_ || until_) && time < 0) return false;
  return (!since_ || time >= *since_) && (!until_ || time < *until_);
}

bool LetterSelection::takes_damaged(std::uint64_t number) const {
  return options_.codes.empty() && options_.transforms.empty() && options_.pipelines.empty() && !since_ && !until_ &&
         !options_.replayed && !options_.waiting && takes_number(number);
}

bool LetterSelection::takes_number(std::uint64_t number) const {
  return ranges_.empty() || std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
           return number >= range.first && number <= range.last;
         });
}

bool LetterSelection::ends_before(std::uint64_t number) const {
  return !ranges_.empty() &&
         std::all_of(ranges_.begin(), ranges_.end(), [&](const Range& range) { return range.last < number; });
}

}  // namespace weir::host::cli
