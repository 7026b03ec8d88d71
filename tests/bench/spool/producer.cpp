#include "producer.h"

#include <chrono>
#include <stdexcept>

namespace weir::bench {

Producer::Producer(const std::shared_ptr<host::spool::Spool>& spool) : sink_(host::spool::make_sink(spool)) {}

void Producer::start() {
  if (const host::Status started = sink_->start(); !started.ok()) throw std::runtime_error(started.message());
}

void Producer::put(std::string_view value) {
  host::Record* record = make(value);
  const Clock::time_point begin = Clock::now();
  offer(record);
  wait();
  latencies_.add(Clock::now() - begin);
  slice_.recycle();
}

host::Record* Producer::make(std::string_view value) {
  host::Origin* origin = slice_.origins()->open(host::Origin::kNoPartition, host::kNullBytes, 0);
  host::Record* record = slice_.append(*origin);
  record->set_slot(WEIR_VALUE, slice_.arena().copy(value));
  slice_.seal();
  return record;
}

void Producer::offer(host::Record* record) {
  is_answered_ = false;
  for (std::size_t taken = 0; taken == 0;) {
    const host::Status status = sink_->put({&record, 1}, taken);
    if (!status.ok() && status.code() != WEIR_E_RETRY) throw std::runtime_error(status.message());
    if (taken == 0) static_cast<void>(sink_->service(host::Milliseconds(1)));
  }
}

/// As a task waits that has nothing else to do.
void Producer::wait() {
  std::unique_lock lock(mutex_);
  while (!is_answered_) {
    lock.unlock();
    if (const host::Status served = sink_->service(host::Milliseconds(1000)); !served.ok())
      throw std::runtime_error(served.message());
    lock.lock();
  }
  if (answer_ != WEIR_OK) throw std::runtime_error("the spool gave a record back");
}

void Producer::ack(std::span<host::Record* const> /*records*/, weir_status status, const char* /*reason*/) noexcept {
  const std::lock_guard lock(mutex_);
  answer_ = status;
  is_answered_ = true;
}

}  // namespace weir::bench
