#include "pipeline/task.h"

namespace weir::host {

/// `status`: of the chain.
void Task::transformed(Slice& slice, const Status& status) {
  account(slice);
  if (status.code() == WEIR_E_RETRY) {  // interrupted: there is no time left for it
    phase_ = Phase::ended;
  } else if (!status.ok()) {
    fail(status);
  } else {
    window_.ready(slice);
    for (Record* record : slice.records()) {
      if (record->fate == Fate::failed) bad(*record);
    }
  }
}

void Task::account(Slice& slice) {
  const Slice::Tally tally = slice.take_tally();
  ledger_.cloned += tally.cloned;
  ledger_.merged += tally.merged;
  merged_ = merged_ || tally.emitted > 0;
  for (Record* record : slice.records()) {
    if (record->fate != Fate::filtered) continue;
    ++ledger_.filtered;
    window_.settle(*record);
  }
}

void Task::bad(Record& record) {
  if (!settings_.tolerate_bad_records) {
    hold_puts_ = hold_puts_ || record.failure->stage == "sink";
    fail(Status::data("a bad record and errors are not tolerated: " + describe_failure(record, partitions_)));
  } else if (dead_letter_sink_) {
    dead_letters_.add(record);
  } else {
    drops_.dropped(describe_failure(record, partitions_));
    ++ledger_.dropped;
    window_.settle(record, true);
  }
}

void Task::settle_acks() {
  acks_.take(ack_batch_);
  if (!ack_batch_.empty()) progress_ = true;
  constexpr std::size_t kAhead = Record::kAhead;
  for (std::size_t i = 0; i < ack_batch_.size(); ++i) {
    if (i + 2 * kAhead < ack_batch_.size()) ack_batch_[i + 2 * kAhead].record->prefetch();
    if (i + kAhead < ack_batch_.size()) ack_batch_[i + kAhead].record->prefetch_origin();
    settle_one(ack_batch_[i]);
  }
  if (!refused_.empty()) keep_refused();
  window_.reclaim(std::exchange(merged_, false));
}

void Task::settle_one(const Ack& ack) {
  Record& record = *ack.record;
  if (!record.in_sink) {
    log_.error("A sink acknowledged a record that it does not hold.",
               {{"status", std::string(status_name(ack.status))}});
    return fail_now(Status::fatal("a sink acknowledged a record that it does not hold: it breaks the contract"));
  }
  record.in_sink = false;
  const bool dead = record.fate == Fate::failed;
  (dead ? *dead_letter_sink_ : *sink_).acknowledged(ack.status == WEIR_E_RETRY);
  if (ack.status >= 0) {
    if (dead) dead_letters_.done(record);
    ++(dead ? ledger_.dead_lettered : settings_.leg == LegKind::ingest ? ledger_.spooled : ledger_.delivered);
    window_.settle(record);
  } else if (ack.status == WEIR_E_DATA && !dead) {
    const bool where_known = record.failure != nullptr && record.failure->reason == ack.reason;  // refused in put
    record.fail(WEIR_E_DATA, ack.reason, where_known ? record.failure->at : std::string_view());
    record.failure->stage = "sink";
    bad(record);
  } else if (ack.status == WEIR_E_DATA && parts_.overflow != nullptr) {
    refused_.push_back(ack);
  } else if (ack.status != WEIR_E_RETRY) {
    fail_now(Status::fatal(std::string(dead ? "the dead letter sink" : "the sink") +
                           " did not take a record: " + ack.reason));
  }
}

/// Dead letters that their sink will never take, all with one sync.
void Task::keep_refused() {
  std::vector<DeadLetter> letters;
  for (const Ack& ack : refused_) letters.push_back(dead_letters_.letter(*ack.record));
  if (Status status = parts_.overflow->keep(letters); !status.ok()) {
    refused_.clear();
    return fail_now(Status::fatal("the dead letter sink refused a record, and " + status.message()));
  }
  overflows_.kept(refused_.size(), refused_.back().reason, *parts_.overflow);
  for (const Ack& ack : refused_) {
    dead_letters_.done(*ack.record);
    ++ledger_.dead_lettered;
    window_.settle(*ack.record);
  }
  refused_.clear();
}

void Task::tell_source() {
  auto& tokens = positions_.settled_tokens();
  if (tokens.empty()) return;
  parts_.source->settled(tokens);
  tokens.clear();
}

void Task::fail(Status why) {
  if (failure_.ok()) failure_ = std::move(why);
  progress_ = true;
  drain_until_ = std::min(drain_until_, Clock::now() + settings_.shutdown_timeout);
}

void Task::fail_now(Status why) {
  fail(std::move(why));
  phase_ = Phase::ended;
}

}  // namespace weir::host
