#include <atomic>

#include "abi/table.h"
#include "contract/common_rules.h"

namespace weir::host::contract {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kFew = 10;             // records that are looked at
constexpr int kPolls = 50;                   // after which a source that says nothing has nothing to say
constexpr std::chrono::seconds kTooLong{5};  // for what ought to be at once

/// Where a record stands.
struct Place {
  std::uint32_t partition = 0;
  std::string offset;
  friend bool operator==(const Place&, const Place&) = default;
};

/// The places of the first records, polled within those limits.
std::vector<Place> first_places(Subject& subject, Instance<Source>& source, const PollLimits& limits) {
  std::vector<Place> places;
  for (int polls = 0; polls < kPolls && places.size() < kFew; ++polls) {
    Batch& batch = subject.batch(source.engine.get());
    const Status status = try_poll(*source.plugin, batch, limits);
    if (!status.ok() && status.code() != WEIR_E_RETRY)
      break_off(Verdict::not_applicable("poll does not work: " + status.message()));
    if (batch.records().size() > limits.max_records) break_off(Verdict::broken("a poll made more records than it may"));
    for (const Record* record : batch.records()) {
      const Origin& origin = *record->origin;
      places.push_back({origin.partition, std::string(origin.block->offset_of(origin))});
    }
    if (status.code() == WEIR_END) break;
  }
  places.resize(std::min(places.size(), kFew));
  return places;
}

/// Those of a fresh instance.
std::vector<Place> fresh_places(Subject& subject, const PollLimits& limits) {
  Instance<Source> source = make<Source>(subject);
  start(*source.plugin);
  std::vector<Place> places = first_places(subject, source, limits);
  stop(*source.plugin);
  return places;
}

Verdict limits(Subject& subject) {
  if (!subject.can(WEIR_RESUMABLE)) {
    static_cast<void>(fresh_places(subject, {1, Slice::kBytes, Milliseconds(0)}));
    return Verdict::ok();  // whether one is missing cannot be told without positions
  }
  const std::vector<Place> all = fresh_places(subject, {});
  if (all.empty()) return Verdict::not_applicable("it gave no record: give it data with --config FILE");
  for (const PollLimits& small :
       {PollLimits{1, Slice::kBytes, Milliseconds(0)}, PollLimits{Slice::kRecords, 1, Milliseconds(0)}}) {
    const std::vector<Place> singly = now_too("with one record a poll", [&] { return fresh_places(subject, small); });
    const std::size_t both = std::min(all.size(), singly.size());
    if (both == 0 || !std::equal(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(both), singly.begin()))
      return Verdict::broken("with one record a poll it gives other records than with many");
  }
  return Verdict::ok();
}

Verdict resume(Subject& subject) {
  if (!subject.can(WEIR_RESUMABLE)) return Verdict::not_applicable("its positions do not outlive the process");
  const std::vector<Place> all = fresh_places(subject, {});
  const auto next = std::find_if(all.begin(), all.end(), [&](const Place& place) {
    return place.partition == all.front().partition && place.offset != all.front().offset;
  });
  if (next == all.end())
    return Verdict::not_applicable("it gave no two positions of one partition: give it more data with --config FILE");
  if (all.front().partition == Origin::kNoPartition)
    return Verdict::broken("it says that its positions outlive the process, and has none that is stored");
  subject.positions().store(subject.positions().name_of(all.front().partition), all.front().offset);
  const std::vector<Place> rest = now_too("with a stored position", [&] { return fresh_places(subject, {}); });
  const auto came = std::find_if(rest.begin(), rest.end(),
                                 [&](const Place& place) { return place.partition == all.front().partition; });
  if (came == rest.end()) return Verdict::broken("after a stored position there came nothing");
  return came->offset == next->offset ? Verdict::ok() : Verdict::broken("it does not go on after the stored position");
}

/// Polls until there is nothing more; false: there is always more, or it ended.
bool drained(Subject& subject, Instance<Source>& source) {
  for (int polls = 0; polls < kPolls; ++polls) {
    Batch& batch = subject.batch(source.engine.get());
    const Status status = try_poll(*source.plugin, batch, {});
    if (!status.ok() || status.code() == WEIR_END) return false;
    if (batch.records().empty()) return true;
  }
  return false;
}

Verdict waiting(Subject& subject) {
  Instance<Source> source = make<Source>(subject);
  start(*source.plugin);
  if (!drained(subject, source)) return Verdict::not_applicable("it never waits");
  const Clock::time_point begin = Clock::now();
  static_cast<void>(
      try_poll(*source.plugin, subject.batch(source.engine.get()), {64, Slice::kBytes, Milliseconds(100)}));
  if (Clock::now() - begin > kTooLong) return Verdict::broken("a poll waits longer than its timeout");
  std::thread waker([&] {
    std::this_thread::sleep_for(Milliseconds(200));
    source->wake();
  });
  const Clock::time_point waits = Clock::now();
  static_cast<void>(try_poll(*source.plugin, subject.batch(source.engine.get()), {64, Slice::kBytes, 2 * kTooLong}));
  const bool overslept = Clock::now() - waits > kTooLong;
  waker.join();
  stop(*source.plugin);
  return overslept ? Verdict::broken("a poll that waits does not return after wake") : Verdict::ok();
}

Verdict settled(Subject& subject) {
  if (abi::read_table<weir_source>(subject.component().table).settled == nullptr)
    return Verdict::not_applicable("it does not ask what settled");
  Instance<Source> source = make<Source>(subject);
  start(*source.plugin);
  Batch& batch = subject.batch(source.engine.get());
  const Status status = try_poll(*source.plugin, batch, {});
  if (!status.ok()) return Verdict::not_applicable("poll does not work: " + status.message());
  std::vector<weir_settled> all;
  for (const Origin& origin : batch.slice().origins()->origins()) {
    if (origin.token != 0) all.push_back({origin.token, all.size() % 2 == 0 ? WEIR_OK : WEIR_E_RETRY, 0});
  }
  if (all.empty()) return Verdict::not_applicable("its origins have no tokens");
  std::reverse(all.begin(), all.end());
  OtherThreads().run([&] { source->settled(all); });
  stop(*source.plugin);
  return Verdict::ok();
}

Verdict no_memory_kept(Subject& subject) {
  Instance<Source> source = make<Source>(subject);
  start(*source.plugin);
  for (int polls = 0; polls < 4; ++polls) {
    Batch& batch = subject.batch(source.engine.get());
    const Status status = try_poll(*source.plugin, batch, {2, Slice::kBytes, Milliseconds(0)});
    if (!status.ok() && status.code() != WEIR_E_RETRY)
      return Verdict::not_applicable("poll does not work: " + status.message());
    batch.take_away();
    if (status.code() == WEIR_END) break;
  }
  stop(*source.plugin);
  return Verdict::ok();
}

}  // namespace

std::vector<Rule> source_rules() {
  std::vector<Rule> rules = shared_rules<Source>();
  rules.insert(rules.end(), {{"restart", "after stop, start may come again", restart<Source>},
                             {"ownership", "no memory of a poll is used after it", no_memory_kept},
                             {"limits", "a poll keeps to its limits and loses nothing by them", limits},
                             {"waiting", "a waiting poll keeps to its timeout and returns after wake", waiting},
                             {"resume", "it goes on after the stored position", resume},
                             {"settled", "any thread may tell it what settled", settled}});
  return rules;
}

}  // namespace weir::host::contract
