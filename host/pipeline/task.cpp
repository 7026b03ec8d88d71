#include "pipeline/task.h"

#include <algorithm>

namespace weir::host {
namespace {

constexpr Milliseconds kShortestRest{1};
constexpr Milliseconds kLongestRest{100};
constexpr Milliseconds kLongestSleep{1000};       // where everything that may happen wakes the task
constexpr Milliseconds kLongestRestInFlight{32};  // the source is not looked at meanwhile
constexpr Milliseconds kFirstSourceDelay{50};

}  // namespace

Task::Task(const PipelineSettings& settings, std::uint32_t number, Checkpointer& checkpointer, Log log)
    : settings_(settings),
      number_(number),
      checkpointer_(checkpointer),
      log_(std::move(log)),
      memory_(settings.memory / settings.tasks),
      home_{&memory_, &acks_, nullptr},
      partitions_(checkpointer),
      window_(home_, positions_, settings.tolerate_bad_records),
      dead_letters_(settings, partitions_),
      drops_(log_),
      overflows_(log_),
      source_backoff_(kFirstSourceDelay, std::max(kFirstSourceDelay, settings.retry_delay_max)) {
  partitions_.on_revoke([this](std::uint32_t partition, Milliseconds timeout) { return revoke(partition, timeout); });
}

TaskSeat Task::seat() { return {number_, settings_.tasks, memory_.limit(), &partitions_, settings_.leg}; }

void Task::equip(TaskParts parts) {
  parts_ = std::move(parts);
  home_.json = parts_.json.get();
  acks_.on_wake([source = parts_.source.get()] { source->wake(); });
  const Chain::Retry retry{settings_.retry_timeout, settings_.retry_delay_max};
  const auto wait = [this](Milliseconds time) { return pause(time); };
  chain_.emplace(parts_.stages, parts_.json.get(), retry, wait, log_);
  chain_->let_watch(settings_.tap.get());
  if (!parts_.threads.empty()) {
    TransformPool::Surroundings here{&home_, [this] { acks_.wake(); }, [this] { return now_ms(); }, wait,
                                     settings_.tap.get()};
    pool_.emplace(parts_.threads, retry, std::move(here), log_);
  }
  sink_.emplace(*parts_.sink, window_, "sink", settings_.retry_delay_max, log_);
  if (parts_.seal != nullptr) dead_letters_.seal_with(std::move(parts_.seal), memory_.record_limit());
  if (parts_.dead_letter != nullptr) {
    dead_letter_sink_.emplace(*parts_.dead_letter, dead_letters_, "dead letter sink", settings_.retry_delay_max, log_);
  }
  now_ = Clock::now();
  board_.show(take_figures());
}

Outcome Task::run() {
  if (Status status = start(); status.ok()) {
    started_.store(true);
    loop();
  } else if (status.code() != WEIR_E_RETRY) {  // that one: a stop was asked for
    fail_now(std::move(status));
  }
  finish();
  return outcome();
}

void Task::request_stop() noexcept {
  stop_requested_.store(true);
  acks_.wake();
}

void Task::loop() {
  phase_ = Phase::running;
  while (phase_ != Phase::ended) {
    now_ = Clock::now();
    if (Slice* polled = poll()) transform(*polled);
    take_transformed();
    put();
    settle();
    look_after();
    rest();
  }
}

bool Task::may_poll() {
  return phase_ == Phase::running && !source_ended_ && failure_.ok() && !stop_requested_ && !dead_letters_.waiting() &&
         !sink_->full() && Clock::now() >= source_retry_at_ && window_.has_room() && (!pool_ || pool_->has_room());
}

Slice* Task::poll() {
  PollLimits limits;
  limits.timeout = std::exchange(poll_timeout_, Milliseconds(0));
  limits.max_bytes = std::min(limits.max_bytes, memory_.record_limit());  // a source may ask for them as one buffer
  if (!may_poll()) return nullptr;
  const auto until = now_ + limits.timeout;
  if (limits.timeout.count() > 0 && !acks_.enter_source()) limits.timeout = Milliseconds(0);
  std::unique_ptr<Slice> slice = window_.take_slice();
  const Status status = parts_.source->poll(*slice, limits);
  acks_.leave_source();
  slice->seal();
  if (!status.ok()) slice->origins()->disown_empty_tail();
  slice->origins()->close();
  now_ = Clock::now();
  source_waits_ = status.ok() && limits.timeout.count() > 0 && now_ >= until;
  heed_source(status);

  const std::size_t count = slice->records().size();
  (settings_.leg == LegKind::drain ? ledger_.taken : ledger_.read) += count;
  if (count > 0 || source_ended_) progress_ = true;
  if (!slice->origins()->origins().empty()) return &window_.admit(std::move(slice), now_);
  window_.give_back(std::move(slice));
  if (!progress_ && limits.timeout.count() > 0) acks_.wait_until(until);  // a source that did not wait itself
  return nullptr;
}

void Task::heed_source(const Status& status) {
  if (status.ok()) {
    source_ended_ = status.code() == WEIR_END;
    source_give_up_at_ = Clock::time_point::max();
    source_backoff_.reset();
    return;
  }
  if (status.code() != WEIR_E_RETRY) return fail(Status::fatal("the source failed: " + status.message()));
  if (source_give_up_at_ == Clock::time_point::max()) {
    source_give_up_at_ = now_ + settings_.retry_timeout;
    log_.warn("The source asks to be polled again later.", {{"reason", status.message()}});
  }
  if (now_ >= source_give_up_at_) {
    return fail(
        Status::fatal("the source asked to be polled again for longer than retry_timeout: " + status.message()));
  }
  ++source_retries_;
  source_retry_at_ = now_ + source_backoff_.next();
}

void Task::transform(Slice& slice, std::size_t first) {
  for (Record* record : slice.records()) {
    if (record->fate == Fate::failed && record->failure->stage.empty()) record->failure->stage = "source";
  }
  if (!pool_) return transformed(slice, chain_->run(slice, first));
  window_.lend(slice);
  pool_->submit(slice);
}

void Task::take_transformed() {
  if (!pool_) return;
  if (Status trouble = pool_->take_trouble(); !trouble.ok()) fail(std::move(trouble));
  while (const auto result = pool_->take()) {
    progress_ = true;
    window_.take_back(*result->slice);
    transformed(*result->slice, result->status);
  }
}

void Task::put() {
  const auto put_to = [this](Outlet& outlet) {
    const std::uint64_t before = outlet.total();
    if (Status status = outlet.put(now_); !status.ok()) fail_now(std::move(status));
    if (outlet.total() != before) progress_ = true;
  };
  if (phase_ == Phase::ended) return;
  if (!hold_puts_) put_to(*sink_);
  if (dead_letter_sink_ && (dead_letters_.waiting() || !dead_letter_sink_->running())) put_to(*dead_letter_sink_);
  count_sinks();
}

void Task::settle() {
  if (held() > 0) wait_in_sinks(Milliseconds(0));
  settle_acks();
  tell_source();
}

void Task::look_after() {
  heed_stop();
  checkpoint();
  run_timers();
  if (now_ >= next_show_) {
    show();
    watch_delivery();
    if (held() == 0) wait_in_sinks(Milliseconds(0));  // its client lives on: errors, statistics, timers
  }
  if (phase_ == Phase::running && (stop_requested_ || source_ended_ || !failure_.ok())) enter_draining();
  if (phase_ == Phase::draining && (now_ >= drain_until_ || drained())) phase_ = Phase::ended;
}

/// A source that does not wait, timers and what is under way have to be looked at.
bool Task::may_sleep() const {
  return source_waits_ && window_.empty() && !dead_letters_.waiting() && chain_->next_tick() == Chain::kNever;
}

/// Nothing more can be polled or put before the sink acknowledges something.
bool Task::is_stuck() const {
  return phase_ == Phase::running && sink_->held() > 0 && (sink_->full() || !window_.has_room());
}

void Task::rest() {
  if (std::exchange(progress_, false) || phase_ == Phase::ended) {
    idle_ = kShortestRest;
    return;
  }
  if (idle_ > kShortestRest && is_stuck()) {  // and since the last rest began
    hurry_sink();
    if (progress_) return;
  }
  auto until = std::min(now_ + idle_, drain_until_);
  if (positions_.moved()) until = std::min(until, next_checkpoint_);
  const auto time = std::max(Milliseconds(0), std::chrono::ceil<Milliseconds>(until - Clock::now()));
  const bool others_work = pool_ && !pool_->empty();  // only one of the waits below hears them
  const bool in_flight = held() > 0 || others_work;
  idle_ = std::min(idle_ * 2, in_flight ? kLongestRestInFlight : may_sleep() ? kLongestSleep : kLongestRest);
  if (others_work) return acks_.wait_until(until);
  if (held() > 0) {
    phase_ == Phase::draining ? flush_sinks(time) : wait_in_sinks(time);
  } else if (may_poll()) {
    poll_timeout_ = time;
    return;
  }
  acks_.wait_until(until);
}

}  // namespace weir::host
