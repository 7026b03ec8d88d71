#include "cli/taps.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "cli/envelope.h"
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

}  // namespace

std::shared_ptr<Tap> Taps::make(const spec::PipelineSpec& pipeline) {
  Place place{pipeline.name, std::make_shared<Tap>(), {}, 0};
  for (const spec::ComponentSpec& transform : pipeline.transforms) {
    place.transforms.push_back(transform.name);
    if (transform.privacy) place.first_safe = place.transforms.size();
  }
  const std::lock_guard lock(mutex_);
  return places_.emplace_back(std::move(place)).tap;
}

const Taps::Place* Taps::place_of(const Tap* tap) const {
  const auto found = std::find_if(places_.begin(), places_.end(), [&](const Place& at) { return at.tap.get() == tap; });
  return found == places_.end() ? nullptr : &*found;
}

bool Taps::is_over(const std::string& pipeline, const Tap& tap) const {
  if (worker_.tap(pipeline).get() != &tap) return true;  // a changed pipeline took its place
  const auto summaries = worker_.summaries();
  return std::none_of(summaries.begin(), summaries.end(), [&](const PipelineSummary& each) {
    return each.name == pipeline && each.outcome.state == RunState::running;
  });
}

admin::Reply Taps::refuse_unsafe(const Place& place, std::size_t after) const {
  const std::string& last = place.transforms[place.first_safe - 1];
  return admin::text_reply(
      403,
      "After " + spec::in_quotes(place.transforms[after - 1]) + " the records have not passed " +
          spec::in_quotes(last) + " yet, which protects people. Look after that one" +
          (unsafe_allowed_ ? ", or ask with --unsafe." : "; this worker was not started with --admin-unsafe-tap."));
}

admin::Answer Taps::open(const std::string& pipeline, const std::map<std::string, std::string>& query) {
  const auto count = count_of(value_of(query, "count"));
  if (!count) return admin::text_reply(400, "The count is to be a number from 1.");
  const std::shared_ptr<Tap> running = worker_.tap(pipeline);
  const std::lock_guard lock(mutex_);
  const Place* const found = place_of(running.get());
  if (found == nullptr) return admin::text_reply(404, "There is no pipeline of that name.");
  const Place& place = *found;
  const std::string after = value_of(query, "after");
  std::size_t passed = place.transforms.size();
  if (!after.empty()) {
    const auto at = std::find(place.transforms.begin(), place.transforms.end(), after);
    if (at == place.transforms.end())
      return admin::text_reply(404,
                               "The pipeline has no transform of that name; it has: " + list(place.transforms) + ".");
    passed = static_cast<std::size_t>(at - place.transforms.begin()) + 1;
  }
  const bool unsafe = unsafe_allowed_ && value_of(query, "unsafe") == "1";
  if (passed < place.first_safe && !unsafe) return refuse_unsafe(place, passed);
  if (!place.tap->open(passed)) return admin::text_reply(409, "Somebody taps this pipeline already.");
  return std::make_unique<TapStream>(place.tap, *count,
                                     [this, pipeline, tap = place.tap.get()] { return is_over(pipeline, *tap); });
}

std::vector<TapFigures> Taps::figures() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, TapFigures> sums;
  for (const Place& place : places_) {
    TapFigures& sum = sums[place.pipeline];
    sum.pipeline = place.pipeline;
    sum.copied += place.tap->copied();
    sum.missed += place.tap->missed();
  }
  std::vector<TapFigures> figures;
  for (auto& [name, sum] : sums) figures.push_back(std::move(sum));
  return figures;
}

}  // namespace weir::host::cli
