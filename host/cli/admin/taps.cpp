#include "cli/admin/taps.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "cli/envelope/envelope.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

constexpr std::uint64_t kDefaultCount = 10;

Bytes bytes_or_null(const std::optional<std::string>& text) { return text ? bytes_of(*text) : kNullBytes; }

std::string line_of(const TapRecord& copy) {
  std::vector<Header> headers;
  for (const auto& [name, value] : copy.headers) headers.push_back({bytes_of(name), bytes_or_null(value)});
  Record record;
  record.set_slot(WEIR_KEY, bytes_or_null(copy.key));
  record.set_slot(WEIR_VALUE, bytes_or_null(copy.value));
  record.topic = bytes_or_null(copy.topic);
  record.headers = {headers.data(), static_cast<std::uint32_t>(headers.size())};
  record.timestamp_ms = copy.timestamp_ms;
  return envelope(record, {}) + "\n";
}

/// What one reader gets; holds the tap open.
class TapStream final : public admin::Stream {
 public:
  TapStream(std::shared_ptr<Tap> tap, std::uint64_t count, std::function<bool()> ended)
      : tap_(std::move(tap)), missed_before_(tap_->missed()), left_(count), ended_(std::move(ended)) {}
  ~TapStream() override { tap_->close(); }

  bool read(std::string& into) override {
    const bool ended = ended_();  // asked first: what came before the end is taken below
    for (const TapRecord& record : tap_->take()) {
      if (left_ == 0) break;
      into += line_of(record);
      --left_;
    }
    return left_ > 0 && !ended;
  }

  [[nodiscard]] std::uint64_t missed() const override { return tap_->missed() - missed_before_; }

 private:
  const std::shared_ptr<Tap> tap_;
  const std::uint64_t missed_before_;
  std::uint64_t left_;
  const std::function<bool()> ended_;
};

/// A value of the query, or an empty one.
std::string value_of(const std::map<std::string, std::string>& query, const std::string& name) {
  const auto found = query.find(name);
  return found == query.end() ? std::string() : found->second;
}

std::optional<std::uint64_t> count_of(const std::string& text) {
  if (text.empty()) return kDefaultCount;
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size() || count == 0) return std::nullopt;
  return count;
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

/// Nothing more passes that tap: its pipeline has ended, or another one took its place.
bool is_over(const Worker& worker, const Tap& tap) {
  const auto summaries = worker.summaries();
  return std::none_of(summaries.begin(), summaries.end(), [&](const PipelineSummary& each) {
    return each.tap.get() == &tap && each.outcome.state == RunState::running;
  });
}

}  // namespace

admin::Reply Taps::refuse_unsafe(const Tap& tap, std::size_t after) const {
  return admin::text_reply(
      403,
      "After " + spec::in_quotes(tap.transforms()[after - 1]) + " the records have not passed " +
          spec::in_quotes(tap.transforms()[tap.first_safe() - 1]) + " yet, which protects people. Look after that one" +
          (unsafe_allowed_ ? ", or ask with --unsafe." : "; this worker was not started with --admin-unsafe-tap."));
}

admin::Answer Taps::open(const std::string& pipeline, const std::map<std::string, std::string>& query) const {
  std::vector<std::string> names;
  for (const PipelineSummary& each : worker_.summaries()) {
    if (each.name == pipeline && each.tap != nullptr) return open(each.tap, query);
    names.push_back(each.name);
  }
  return admin::text_reply(404, "There is no pipeline of that name; there is: " + list(names) + ".");
}

admin::Answer Taps::open(const std::shared_ptr<Tap>& tap, const std::map<std::string, std::string>& query) const {
  const auto count = count_of(value_of(query, "count"));
  if (!count) return admin::text_reply(400, "The count is to be a number from 1.");
  const std::vector<std::string>& transforms = tap->transforms();
  const std::string after = value_of(query, "after");
  std::size_t place = transforms.size();
  if (!after.empty()) {
    const auto at = std::find(transforms.begin(), transforms.end(), after);
    if (at == transforms.end())
      return admin::text_reply(404, "The pipeline has no transform of that name; it has: " + list(transforms) + ".");
    place = static_cast<std::size_t>(at - transforms.begin()) + 1;
  }
  const bool unsafe = unsafe_allowed_ && value_of(query, "unsafe") == "1";
  if (place < tap->first_safe() && !unsafe) return refuse_unsafe(*tap, place);
  if (!tap->open(place)) return admin::text_reply(409, "Somebody taps this pipeline already.");
  return std::make_unique<TapStream>(tap, *count, [this, tap] { return is_over(worker_, *tap); });
}

}  // namespace weir::host::cli
