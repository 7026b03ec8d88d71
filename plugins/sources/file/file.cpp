#include "file.h"

#include <sys/resource.h>

#include <algorithm>

#include "line_records/line_records.h"

namespace weir::plugins {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookInterval{50};  // how often a followed file is asked for more
constexpr milliseconds kLongestLookInterval{250};
constexpr int kQuietLooks = 20;          // a source that was quiet for so many intervals asks less often
constexpr int kShareOfTime = 20;         // looking takes at most one part in so many
constexpr std::size_t kFewFiles = 64;    // those are looked at in every poll
constexpr int kTurns = 64;               // polls of one followed file while others wait
constexpr std::size_t kMostOpen = 128;   // files with nothing to read that are kept open
constexpr std::size_t kShareOfOpen = 4;  // of the descriptors the process may have, at most one in so many

/// Idle files that a task may keep open.
std::size_t descriptors_for(std::uint32_t tasks) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kMostOpen;
  return std::min<std::size_t>(kMostOpen, limit.rlim_cur / kShareOfOpen / tasks);
}

Pattern pattern_of(const Context& config) {
  const std::string path = config.file("path");
  if (path.find("**") != std::string::npos)
    throw config.error("path", "** is not known here: * stands for the names of one folder, such as in/*/*.ndjson");
  return Pattern(path);
}

}  // namespace

FileSource::FileSource(const Context& config)
    : task_(config.task()),
      positions_(config),
      log_(config.log()),
      connector_(config.pipeline() + '\n' + config.file("path")),
      options_{pattern_of(config), config.flag("follow"), config.text("start_at") == "end", task_.count,
               config.outputs()},
      longest_line_(longest_line(config)) {
  for (const std::string& output : options_.outputs) {
    if (options_.pattern.has_wildcards() && options_.pattern.matches(output))
      throw config.error("path", "matches " + output + ", which this pipeline writes: it would never come to an end");
  }
}

void FileSource::start() {
  catalog_ = task_.count > 1 ? Catalog::shared(connector_, options_) : std::make_shared<Catalog>(options_);
  most_open_ = descriptors_for(task_.count);
  quiet_since_ = Clock::now();
  take_new();
}

void FileSource::take_new() {
  catalog_->look({positions_, log_});
  for (Catalog::Mark& mark : catalog_->take_marks(task_.index)) marks_.push_back(std::move(mark));
  for (Assignment& file : catalog_->take(task_.index)) {
    std::unique_ptr<Track>& track = tracks_[file.chain];
    if (!track) {
      track = std::make_unique<Track>(
          file.chain, Track::Surroundings{*catalog_, positions_, log_, options_.follows, longest_line_});
      ready_.push_back(track.get());
    }
    track->add(std::move(file));
  }
}

Poll FileSource::poll(Output& out) {
  take_new();
  auto now = Clock::now();
  const auto until = now + out.timeout();
  if (now >= next_look_ || (ready_.empty() && idle_.size() <= kFewFiles)) look_at_idle(now);
  if (store_marks(out)) return Poll::more;
  while (true) {
    if (!ready_.empty()) {
      if (read_one(out)) return Poll::more;
      continue;
    }
    if (!options_.follows && idle_.empty()) return Poll::end;
    now = Clock::now();
    const auto next = std::min(until, std::max(next_look_, now));
    if (now >= until) return Poll::more;
    wakeup_.wait(std::chrono::ceil<milliseconds>(next - now));
    now = Clock::now();
    take_new();
    if (store_marks(out)) return Poll::more;
    if (now >= next_look_) look_at_idle(now);
    if (now < next && ready_.empty()) return Poll::more;  // woken
  }
}

/// Origins without records, no more than the poll has room for. Whether there were any.
bool FileSource::store_marks(Output& out) {
  const std::size_t count = std::min<std::size_t>(marks_.size(), out.max_records());
  for (std::size_t i = 0; i < count; ++i) {
    static_cast<void>(out.origin(marks_.front().first, marks_.front().second));
    marks_.pop_front();
  }
  return count > 0;
}

/// False: the file had nothing, and the poll has room for another.
bool FileSource::read_one(Output& out) {
  Track& track = *ready_.front();
  const Track::State state = track.read(out);
  if (state == Track::State::more) {
    const bool is_turn_over = options_.follows && ++turns_ >= kTurns;
    if (is_turn_over) {
      ready_.push_back(&track);
      ready_.pop_front();
      turns_ = 0;
    }
    return true;
  }
  turns_ = 0;
  ready_.pop_front();
  const bool gave = track.gave();
  if (gave) quiet_since_ = Clock::now();
  state == Track::State::done ? drop(track) : set_idle(track);
  return gave;
}

void FileSource::set_idle(Track& track) {
  idle_.push_back(&track);
  if (!track.is_open()) return;
  open_.push_back(&track);
  if (open_.size() <= most_open_) return;
  open_.front()->rest();
  open_.pop_front();
}

void FileSource::drop(const Track& track) {
  const std::string chain = track.chain();
  tracks_.erase(chain);
}

void FileSource::look_at_idle(Clock::time_point now) {
  const auto has_lines = [](Track* track) { return track->has_something(); };
  const auto begin = std::stable_partition(idle_.begin(), idle_.end(), [&](Track* track) { return !has_lines(track); });
  for (auto at = begin; at != idle_.end(); ++at) {
    std::erase(open_, *at);
    ready_.push_back(*at);
  }
  idle_.erase(begin, idle_.end());
  const auto end = Clock::now();
  next_look_ = end + std::max<Clock::duration>(look_interval(now), (end - now) * kShareOfTime);
}

milliseconds FileSource::look_interval(Clock::time_point now) const {
  const auto quiet = std::chrono::duration_cast<milliseconds>(now - quiet_since_);
  return std::clamp(quiet / kQuietLooks, kLookInterval, kLongestLookInterval);
}

void FileSource::stop() {
  ready_.clear();
  idle_.clear();
  open_.clear();
  tracks_.clear();
  marks_.clear();
  if (catalog_) catalog_->forget(task_.index);
  catalog_.reset();
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::FileSource)
