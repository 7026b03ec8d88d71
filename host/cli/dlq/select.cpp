#include "cli/dlq/select.h"

#include <algorithm>
#include <charconv>

#include "cli/moment.h"
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

Status not_understood(const char* option, const std::string& text, const char* hint) {
  return Status::config(std::string(option) + ": " + spec::in_quotes(text) + " is not understood; " + hint);
}

}  // namespace

Result<LetterSelection> LetterSelection::from(const LetterOptions& options, std::int64_t now_ms) {
  LetterSelection selection;
  selection.options_ = options;
  if (!options.since.empty()) {
    selection.since_ = parse_moment(options.since, now_ms);
    if (!selection.since_) return not_understood("--since", options.since, kMomentForms);
  }
  if (!options.until.empty()) {
    selection.until_ = parse_moment(options.until, now_ms);
    if (!selection.until_) return not_understood("--until", options.until, kMomentForms);
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
