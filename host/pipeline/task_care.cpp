#include <algorithm>

#include "pipeline/task.h"

namespace weir::host {
namespace {

constexpr Milliseconds kShowEvery{250};
constexpr Milliseconds kSlice{50};        // how long a wait may keep a stop request waiting
constexpr std::size_t kHeldRecord = 384;  // bytes librdkafka keeps of a record beside its value, measured

}  // namespace

std::int64_t Task::now_ms() const {
  if (settings_.now_ms) return settings_.now_ms();
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Milliseconds>(now).count();
}

std::size_t Task::held() const { return sink_->held() + (dead_letter_sink_ ? dead_letter_sink_->held() : 0); }

/// What sinks took a moment ago they take again: counting it meanwhile keeps slices from growing into it, and back.
void Task::count_sinks() {
  in_sinks_ = std::max(in_sinks_, held() * kHeldRecord);
  memory_.set_beside(in_sinks_ + dead_letters_.sealed_bytes());
}

void Task::forget_old_use() {
  in_sinks_ -= in_sinks_ / 8;
  count_sinks();
  memory_.trim();
}

void Task::run_timers() {
  if (phase_ != Phase::running || chain_->next_tick() == Chain::kNever) return;
  const std::int64_t now = now_ms();
  for (std::size_t stage = 0; stage < chain_->stages(); ++stage) {
    if (chain_->is_due(stage, now)) emit(stage, [&](Slice& slice) { return chain_->tick(stage, slice, now); });
  }
  const bool nothing_moves = held() == 0 && !dead_letters_.waiting() && sink_->running();
  if (nothing_moves && !window_.has_room() && window_.holds_back() && !window_.has_offer()) flush_held();
}

void Task::flush_held() {
  for (std::size_t stage = 0; stage < chain_->stages(); ++stage) {
    emit(stage, [this, stage](Slice& slice) { return chain_->flush(stage, slice); });
  }
}

void Task::emit(std::size_t stage, const std::function<Status(Slice&)>& call) {
  std::unique_ptr<Slice> slice = window_.take_slice();
  const Status status = call(*slice);
  slice->origins()->close();
  if (slice->records().empty()) {
    window_.give_back(std::move(slice));
  } else {
    progress_ = true;
    transform(window_.admit(std::move(slice), now_), stage + 1);
  }
  if (status.code() == WEIR_E_RETRY) {
    phase_ = Phase::ended;
  } else if (!status.ok()) {
    fail(status);
  }
}

void Task::enter_draining() {
  phase_ = Phase::draining;
  progress_ = true;
  flush_held();
}

bool Task::drained() {
  const auto returns = [](const std::optional<Outlet>& outlet) { return outlet && outlet->giving_back(); };
  if (pool_ && !pool_->empty()) return false;
  if (held() > 0 || dead_letters_.waiting() || returns(dead_letter_sink_)) return false;
  return hold_puts_ || (!returns(sink_) && !window_.has_offer());
}

void Task::flush_sinks(Milliseconds timeout) {
  if (sink_->held() > 0) flush_sink(*sink_, timeout);
  if (dead_letter_sink_ && dead_letter_sink_->held() > 0) flush_sink(*dead_letter_sink_, timeout);
}

void Task::flush_sink(Outlet& outlet, Milliseconds timeout) {
  const Status status = outlet.flush(timeout);
  if (!status.ok()) {
    if (status.code() != WEIR_E_RETRY) fail_now(status);
    return;
  }
  settle_acks();
  if (outlet.held() == 0 || !outlet.running()) return;  // not running: it gave records back instead
  log_.alarm("lost_acknowledgement", "The sink says all is done, and records it took were never acknowledged.",
             {{"records", outlet.held()}});
  fail_now(Status::fatal(std::to_string(outlet.held()) + " records were taken by a sink and never acknowledged"));
}

/// A sink that gathers records for a while gathers no more of them now: it shall send what it has.
void Task::hurry_sink() {
  const Status status = sink_->flush(Milliseconds(0));
  if (!status.ok() && status.code() != WEIR_E_RETRY) fail_now(status);
  settle_acks();
}

void Task::wait_in_sinks(Milliseconds timeout) {
  const auto serve = [this](Outlet& outlet, Milliseconds time) {
    if (Status status = outlet.service(time); !status.ok()) fail_now(std::move(status));
  };
  const bool dead_only = sink_->held() == 0;
  serve(*sink_, dead_only ? Milliseconds(0) : timeout);
  if (dead_letter_sink_) serve(*dead_letter_sink_, dead_only ? timeout : Milliseconds(0));
}

bool Task::pause(Milliseconds time) {
  const auto until = Clock::now() + time;
  while (true) {
    heed_stop();
    const auto now = Clock::now();
    if (phase_ == Phase::ended || now >= drain_until_) return false;
    if (now >= until) return true;
    const auto next = std::min({until, drain_until_, now + kSlice});
    if (held() > 0) wait_in_sinks(std::chrono::ceil<Milliseconds>(next - now));
    acks_.wait_until(next);
    if (phase_ == Phase::starting) {
      now_ = now;
      if (now_ >= next_show_) show();
      continue;
    }
    settle_acks();
    tell_source();
    checkpoint();
  }
}

void Task::heed_stop() {
  if (!stop_requested_ || drain_until_ != Clock::time_point::max()) return;
  drain_until_ = Clock::now() + (phase_ == Phase::starting ? Milliseconds(0) : settings_.shutdown_timeout);
}

void Task::checkpoint() {
  const auto now = Clock::now();
  if (now < next_checkpoint_) return;
  next_checkpoint_ = now + settings_.offsets_interval;
  if (Status status = checkpointer_.health(); !status.ok()) return fail_now(std::move(status));
  if (positions_.moved()) submit(false);
}

void Task::submit(bool finished) {
  std::vector<Checkpointer::Position> moved;
  for (auto& [partition, offset] : positions_.take_moved()) {
    moved.emplace_back(partitions_.name(partition), std::move(offset));
  }
  checkpointer_.submit(number_, moved, finished);
}

void Task::show() {
  next_show_ = now_ + kShowEvery;
  forget_old_use();
  ledger_.in_flight = window_.in_flight();
  board_.show(take_figures());
  if (!ledger_.balanced()) log_.alarm("ledger_imbalance", "The books do not balance.", {{"ledger", ledger_.text()}});
}

Figures Task::take_figures() const {
  Figures figures;
  figures.ledger = ledger_;
  figures.tasks = 1;
  figures.started = started_ ? 1 : 0;
  (settings_.leg == LegKind::ingest ? figures.spool_sink : figures.sink) = sink_->figures();
  if (dead_letter_sink_) figures.dead_letter_sink = dead_letter_sink_->figures();
  figures.sources_backing_off = phase_ != Phase::ended && source_retry_at_ > now_ ? 1 : 0;
  figures.source_retries = source_retries_;
  figures.overflowed = overflows_.kept();
  figures.memory = memory_.used() + memory_.beside();
  figures.memory_limit = memory_.limit();
  figures.oldest_age = window_.oldest_age(now_);
  if (phase_ != Phase::ended) figures.shown_at = now_;
  figures.settled_after = window_.settled_after();
  return figures;
}

void Task::watch_delivery() {
  if (window_.oldest_age(now_) <= settings_.retry_timeout) return;
  log_.alarm("delivery_stalled", "The oldest record has waited longer than retry_timeout.",
             {{"in_flight", ledger_.in_flight}});
}

Status Task::revoke(std::uint32_t partition, Milliseconds timeout) {
  // Called by the source out of poll(): what it is reading is not in the window yet, all else goes on.
  const auto until = Clock::now() + timeout;
  flush_held();
  while (phase_ == Phase::running && positions_.waits_for(partition) && Clock::now() < until) {
    take_transformed();
    put();
    settle();
    if (positions_.waits_for(partition)) acks_.wait_until(Clock::now() + Milliseconds(1));
  }
  const bool done = !positions_.waits_for(partition);
  submit(false);
  positions_.forget(partition);
  if (Status status = checkpointer_.flush(); !status.ok()) return status;
  return done ? Status() : Status::retry("records of the partition were still in flight");
}

}  // namespace weir::host
