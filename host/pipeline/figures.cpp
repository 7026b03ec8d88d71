#include "pipeline/figures.h"

#include <algorithm>
#include <numeric>

namespace weir::host {

void Durations::add(Nanoseconds time) {
  const auto bound = std::lower_bound(kBounds.begin(), kBounds.end(), time.count());
  ++counts[static_cast<std::size_t>(bound - kBounds.begin())];
  sum += time;
}

Durations& Durations::operator+=(const Durations& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  sum += other.sum;
  return *this;
}

std::uint64_t Durations::total() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

SinkFigures& SinkFigures::operator+=(const SinkFigures& other) {
  count += other.count;
  up += other.up;
  failed_starts += other.failed_starts;
  given_back += other.given_back;
  return *this;
}

Figures& Figures::operator+=(const Figures& other) {
  ledger += other.ledger;
  tasks += other.tasks;
  started += other.started;
  sink += other.sink;
  spool_sink += other.spool_sink;
  dead_letter_sink += other.dead_letter_sink;
  sources_backing_off += other.sources_backing_off;
  source_retries += other.source_retries;
  overflowed += other.overflowed;
  memory += other.memory;
  memory_limit += other.memory_limit;
  oldest_age = std::max(oldest_age, other.oldest_age);
  shown_at = std::min(shown_at, other.shown_at);
  settled_after += other.settled_after;
  return *this;
}

void Figures::add_counts(const Figures& past) {
  const auto add = [](SinkFigures& into, const SinkFigures& from) {
    into.failed_starts += from.failed_starts;
    into.given_back += from.given_back;
  };
  Ledger all = past.ledger;
  all.add_later(ledger);
  ledger = all;
  add(sink, past.sink);
  add(spool_sink, past.spool_sink);
  add(dead_letter_sink, past.dead_letter_sink);
  source_retries += past.source_retries;
  overflowed += past.overflowed;
  settled_after += past.settled_after;
}

CheckpointFigures& CheckpointFigures::operator+=(const CheckpointFigures& other) {
  const auto sooner = [](Clock::time_point a, Clock::time_point b) {
    return a == Clock::time_point{} ? b : b == Clock::time_point{} ? a : std::min(a, b);
  };
  add_counts(other);
  stored_at = std::max(stored_at, other.stored_at);
  pending_since = sooner(pending_since, other.pending_since);
  return *this;
}

void CheckpointFigures::add_counts(const CheckpointFigures& past) {
  stores += past.stores;
  failures += past.failures;
}

std::string BacklogFigures::text() const {
  const auto term = [](const char* name, std::uint64_t count) { return name + std::to_string(count); };
  return term("start=", start) + term(" spooled=", spooled) + term(" taken=", taken) + term(" expired=", expired) +
         term(" damaged=", damaged) + term(" records=", records);
}

void BacklogFigures::add_later(const BacklogFigures& later) {
  BacklogFigures all = later;
  all.start = start;
  all.spooled += spooled;
  all.taken += taken;
  all.expired += expired;
  all.damaged += damaged;
  all.damaged_blocks += damaged_blocks;
  all.syncs += syncs;
  *this = all;
}

}  // namespace weir::host
