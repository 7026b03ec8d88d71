#include "pipeline/outlet.h"

namespace weir::host {
namespace {

constexpr Milliseconds kFirstDelay{100};
constexpr std::chrono::seconds kGiveBackTime{10};  // then stop() makes it
constexpr std::chrono::minutes kWarnEvery{1};

}  // namespace

Outlet::Outlet(Sink& sink, Feed& feed, const char* what, Milliseconds retry_delay_max, Log log)
    : sink_(sink),
      feed_(feed),
      what_(what),
      log_(std::move(log)),
      backoff_(kFirstDelay, std::max(kFirstDelay, retry_delay_max)) {}

Status Outlet::try_start(Clock::time_point now) {
  if (state_ == State::giving_back) {
    if (Status status = finish_giving_back(now); !status.ok()) return status;
  }
  if (state_ == State::running) return {};
  if (now < next_try_) return Status::retry("");
  Status status = sink_.start();
  if (status.ok()) {
    started_ = true;
    state_ = State::running;
    return {};
  }
  if (status.code() != WEIR_E_RETRY) return final_error(status);
  ++failed_starts_;
  postpone(now, "The sink is not there yet; trying again.", status.message());
  return status;
}

void Outlet::postpone(Clock::time_point now, std::string_view sentence, const std::string& why) {
  next_try_ = now + backoff_.next();
  if (now < warn_again_) return;
  warn_again_ = now + kWarnEvery;
  log_.warn(sentence, {{"sink", what_}, {"reason", why}});
}

Status Outlet::finish_giving_back(Clock::time_point now) {
  if (held_ > 0 && now < give_back_until_) return Status::retry("");
  if (started_) {
    sink_.stop();
    started_ = false;
    return Status::retry("");  // what stop() gave back is queued: counted before the next try
  }
  if (held_ > 0) {
    log_.alarm("lost_acknowledgement", "The sink was stopped and did not give back every record.",
               {{"sink", what_}, {"records", held_}});
    return Status::fatal(std::string("the ") + what_ + " was stopped and kept " + std::to_string(held_) +
                         " records without an acknowledgement");
  }
  feed_.rewind();
  full_ = false;
  state_ = State::down;
  postpone(now, "The sink gave its records back; starting it anew.", "E_RETRY");
  return Status::retry("");
}

Status Outlet::put(Clock::time_point now) {
  if (state_ != State::running) {
    Status status = try_start(now);
    if (status.code() == WEIR_E_RETRY) return {};
    if (!status.ok()) return status;
  }
  full_ = false;
  while (!full_ && state_ == State::running) {
    const auto records = feed_.offer();
    if (records.empty()) return {};
    if (Status status = put_batch(records); !status.ok()) return status;
  }
  return {};
}

Status Outlet::put_batch(std::span<Record* const> records) {
  std::size_t taken = 0;
  Status status = sink_.put(records, taken);
  if (taken > records.size())
    return Status::fatal(std::string("the ") + what_ + " took more records than it was offered");
  for (Record* record : records.first(taken)) record->in_sink = true;
  held_ += taken;
  total_ += taken;
  feed_.taken(taken);
  full_ = taken < records.size();
  if (status.ok() || status.code() == WEIR_E_RETRY) return {};
  return final_error(status);
}

void Outlet::acknowledged(bool given_back) {
  --held_;
  if (!given_back) {
    if (state_ == State::running) backoff_.reset();
    return;
  }
  if (state_ != State::running) return;
  state_ = State::giving_back;
  ++times_given_back_;
  give_back_until_ = Clock::now() + kGiveBackTime;
}

Status Outlet::service(Milliseconds timeout) {
  if (!started_) return {};
  Status status = sink_.service(timeout);
  return status.ok() || status.code() == WEIR_E_RETRY ? Status() : final_error(status);
}

Status Outlet::flush(Milliseconds timeout) {
  if (state_ != State::running) return Status::retry("");
  Status status = sink_.flush(timeout);
  return status.ok() || status.code() == WEIR_E_RETRY ? status : final_error(status);
}

void Outlet::stop() noexcept {
  if (started_) sink_.stop();
  started_ = false;
  state_ = State::down;
}

Status Outlet::final_error(const Status& status) const {
  return Status::fatal(std::string("the ") + what_ + " failed: " + status.message());
}

}  // namespace weir::host
