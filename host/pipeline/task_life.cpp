#include "pipeline/task.h"

namespace weir::host {
namespace {

constexpr Milliseconds kStartSlice{50};

}  // namespace

Status Task::start() {
  // A sink that is not there yet keeps the source from being polled: sources that can hold still hold still.
  if (Status status = start_outlet(*sink_); !status.ok()) return status;
  if (dead_letter_sink_) {
    if (Status status = start_dead_letters(); !status.ok()) return status;
  }
  if (Status status = chain_->start(); !status.ok()) return status;
  if (pool_) {
    if (Status status = pool_->start(); !status.ok()) return status;
  }
  return start_source();
}

Status Task::start_outlet(Outlet& outlet) {
  while (true) {
    Status status = outlet.try_start(Clock::now());
    if (status.code() != WEIR_E_RETRY || !pause(kStartSlice)) return status;
  }
}

/// Before a spool nothing waits for what is outside: a dead letter sink that is not there yet is tried again when it is needed.
Status Task::start_dead_letters() {
  if (settings_.leg != LegKind::ingest) return start_outlet(*dead_letter_sink_);
  Status status = dead_letter_sink_->try_start(Clock::now());
  return status.code() == WEIR_E_RETRY ? Status() : status;
}

Status Task::start_source() {
  const auto give_up_at = Clock::now() + settings_.retry_timeout;
  bool warned = false;
  while (true) {
    Status status = parts_.source->start();
    source_started_ = status.ok();
    if (status.ok()) {
      source_backoff_.reset();
      return status;
    }
    if (status.code() != WEIR_E_RETRY) return Status::fatal("the source failed to start: " + status.message());
    ++source_retries_;
    if (!std::exchange(warned, true))
      log_.warn("The source is not there yet; trying again.", {{"reason", status.message()}});
    if (Clock::now() >= give_up_at)
      return Status::fatal("the source was not there within retry_timeout: " + status.message());
    if (!pause(source_backoff_.next())) return status;
  }
}

void Task::finish() {
  phase_ = Phase::ended;
  if (pool_) stop_threads();
  sink_->stop();
  if (dead_letter_sink_) dead_letter_sink_->stop();
  settle_acks();
  chain_->stop();
  if (source_started_) {
    tell_source();
    if (const auto never = positions_.unsettled_tokens(); !never.empty()) parts_.source->settled(never);
    parts_.source->stop();
  }
  drops_.at_end();
  if (parts_.overflow != nullptr) overflows_.at_end(*parts_.overflow);
  now_ = Clock::now();
  show();
  if (source_ended_ && failure_.ok() && ledger_.in_flight > 0 && !stop_requested_) {
    fail(Status::fatal("the source has ended and " + std::to_string(ledger_.in_flight) +
                       " records never reached an end: a transform keeps them"));
  }
  submit(outcome().state == RunState::finished);
  if (Status status = checkpointer_.flush(); !status.ok()) fail(std::move(status));
}

/// What has not come back stays in flight; only the books learn what was done to it.
void Task::stop_threads() {
  pool_->stop();
  while (const auto result = pool_->take()) {
    window_.take_back(*result->slice);
    account(*result->slice);
  }
}

Outcome Task::outcome() const {
  Outcome outcome;
  outcome.exact = ledger_.in_flight == 0 || settings_.source_resumable;
  if (!failure_.ok()) {
    outcome.state = RunState::failed;
    outcome.error = failure_.message();
  } else if (source_ended_ && ledger_.in_flight == 0) {
    outcome.state = RunState::finished;
  } else {
    outcome.state = RunState::stopped;
    if (!outcome.exact) {
      outcome.error =
          std::to_string(ledger_.in_flight) + " records were still in flight and their source will not give them again";
    }
  }
  return outcome;
}

}  // namespace weir::host
