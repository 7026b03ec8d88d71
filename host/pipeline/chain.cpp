#include "pipeline/chain.h"

#include <algorithm>

#include "errors/backoff.h"
#include "json/engine.h"
#include "pipeline/tap.h"

namespace weir::host {
namespace {

constexpr Milliseconds kFirstDelay{50};

}  // namespace

Chain::Chain(std::span<Stage> stages, json::Engine* json, Retry retry, Pause pause, Log log)
    : stages_(stages),
      json_(json),
      retry_(retry),
      pause_(std::move(pause)),
      log_(std::move(log)),
      next_ticks_(stages.size(), 0) {}

template <typename Call>
Status Chain::retrying(const Stage& stage, const char* doing, Call call) {
  using Clock = std::chrono::steady_clock;
  Backoff backoff(kFirstDelay, std::max(kFirstDelay, retry_.delay_max));
  Clock::time_point deadline{};
  while (true) {
    Status status = call();
    if (status.ok() || status.code() == WEIR_E_DATA) return status;
    const std::string who = "transform '" + stage.name + "' ";
    if (status.code() != WEIR_E_RETRY) return Status::fatal(who + "failed to " + doing + ": " + status.message());
    const auto now = Clock::now();
    if (deadline == Clock::time_point{}) {
      deadline = now + retry_.timeout;
      log_.warn("A transform asks to be called again.", {{"transform", stage.name}, {"reason", status.message()}});
    }
    if (now >= deadline) {
      return Status::fatal(who + "asked to be called again for longer than retry_timeout: " + status.message());
    }
    if (!pause_(std::min(backoff.next(), std::chrono::ceil<Milliseconds>(deadline - now)))) return status;
  }
}

Status Chain::start() {
  for (Stage& stage : stages_) {
    Status status = retrying(stage, "start", [&] { return stage.transform->start(); });
    if (status.code() == WEIR_E_DATA)
      return Status::fatal("transform '" + stage.name + "' failed to start: " + status.message());
    if (!status.ok()) return status;
    ++started_;
  }
  return {};
}

void Chain::stop() noexcept {
  while (started_ > 0) stages_[--started_].transform->stop();
}

Status Chain::run(Slice& slice, std::size_t first) {
  const auto watched = tap_ != nullptr ? tap_->place() : Tap::kNowhere;
  if (watched != Tap::kNowhere) return run_watched(slice, first, static_cast<std::size_t>(watched));
  for (std::size_t stage = first; stage < stages_.size(); ++stage) {
    if (Status status = apply(stage, slice); !status.ok()) return status;
  }
  finish(slice);
  return {};
}

Status Chain::run_watched(Slice& slice, std::size_t first, std::size_t place) {
  for (std::size_t stage = first; stage <= stages_.size(); ++stage) {
    if (stage == place) {
      finish(slice);
      tap_->offer(slice, place);
    }
    if (stage == stages_.size()) break;
    if (Status status = apply(stage, slice); !status.ok()) return status;
  }
  finish(slice);
  return {};
}

Status Chain::apply(std::size_t number, Slice& slice) {
  Stage& stage = stages_[number];
  if (Status status = choose(stage, slice); !status.ok()) return status;
  if (!chosen_.empty()) {
    Status status = retrying(stage, "apply", [&] { return stage.transform->apply(chosen_, slice); });
    if (status.code() == WEIR_E_DATA) {
      for (Record* record : chosen_) record->fail(WEIR_E_DATA, "the transform refused the records it was given");
    } else if (!status.ok()) {
      return status;
    }
    if (holds(number) && next_ticks_[number] == kNever) next_ticks_[number] = 0;
    seal_new(slice);
  }
  name_failures(stage, slice);
  return {};
}

Status Chain::choose(Stage& stage, Slice& slice) {
  chosen_.clear();
  const bool takes_null = (stage.capabilities & WEIR_TOMBSTONES) != 0;
  const bool asks_null = stage.predicate != nullptr ? stage.predicate_sees_null : takes_null;
  for (Record* record : slice.records()) {
    if (record->fate == Fate::live && (asks_null || !is_null(record->value()))) chosen_.push_back(record);
  }
  if (stage.predicate == nullptr || chosen_.empty()) return {};
  if (Status status = test(stage); !status.ok()) return status;
  if (!takes_null) std::erase_if(chosen_, [](const Record* record) { return is_null(record->value()); });
  return {};
}

Status Chain::test(Stage& stage) {
  matches_.assign(chosen_.size(), 0);
  Status status = retrying(stage, "test its predicate", [&] { return stage.predicate->test(chosen_, matches_); });
  if (status.code() == WEIR_E_DATA) {
    for (Record* record : chosen_) record->fail(WEIR_E_DATA, "the predicate refused the records it was given");
  } else if (!status.ok()) {
    return status;
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    const bool matched = matches_[i] != 0;
    if (chosen_[i]->fate == Fate::live && matched != stage.negate) chosen_[kept++] = chosen_[i];
  }
  chosen_.resize(kept);
  return {};
}

void Chain::name_failures(const Stage& stage, Slice& slice) {
  if (!slice.take_failed()) return;
  for (Record* record : slice.records()) {
    if (record->fate != Fate::failed || !record->failure->stage.empty()) continue;
    record->failure->stage = stage.name;
    record->failure->in_transform = true;
  }
}

void Chain::settle_bytes(Record& record) {
  for (int slot : {WEIR_KEY, WEIR_VALUE}) {
    if (record.slots[slot].document != nullptr && json_ != nullptr) json_->settle_bytes(record, slot);
  }
}

void Chain::seal_new(Slice& slice) {
  if (!slice.take_made()) return;
  for (Record* record : slice.records()) {
    if (record->sealed) continue;
    settle_bytes(*record);
    record->seal();
  }
}

void Chain::finish(Slice& slice) {
  for (Record* record : slice.records()) {
    if (record->fate == Fate::live) settle_bytes(*record);
  }
}

std::int64_t Chain::next_tick() const {
  return next_ticks_.empty() ? kNever : *std::min_element(next_ticks_.begin(), next_ticks_.end());
}

Status Chain::tick(std::size_t number, Slice& slice, std::int64_t now_ms) {
  Stage& stage = stages_[number];
  std::int64_t next = kNever;
  Status status = retrying(stage, "tick", [&] { return stage.transform->tick(slice, now_ms, next); });
  next_ticks_[number] = std::max(next, now_ms + 1);
  seal_new(slice);
  name_failures(stage, slice);
  return status.code() == WEIR_E_DATA
             ? Status::fatal("transform '" + stage.name + "' failed to tick: " + status.message())
             : status;
}

Status Chain::flush(std::size_t number, Slice& slice) {
  Stage& stage = stages_[number];
  Status status = retrying(stage, "flush", [&] { return stage.transform->flush(slice); });
  seal_new(slice);
  name_failures(stage, slice);
  return status.code() == WEIR_E_DATA
             ? Status::fatal("transform '" + stage.name + "' failed to flush: " + status.message())
             : status;
}

}  // namespace weir::host
