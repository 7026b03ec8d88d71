#include "cli/replay/source.h"

#include <algorithm>

namespace weir::host::cli {
namespace {

constexpr std::size_t kAheadBytes = 4u << 20;
constexpr std::chrono::milliseconds kRateStep{5};

std::optional<std::string> copied(Bytes bytes) {
  return is_null(bytes) ? std::nullopt : std::optional<std::string>(view(bytes));
}

Bytes in_slice(Slice& slice, const std::optional<std::string>& text) {
  return text ? slice.arena().copy(*text) : kNullBytes;
}

std::size_t size_of(const std::optional<std::string>& text) { return text ? text->size() : 0; }

}  // namespace

ReplaySource::Ahead::Ahead(const spool::SpooledRecord& spooled)
    : sequence(spooled.sequence),
      timestamp_ms(spooled.record->timestamp_ms),
      partition(spooled.record->partition),
      key(copied(spooled.record->key)),
      value(copied(spooled.record->value)),
      topic(copied(spooled.record->topic)) {
  bytes = size_of(key) + size_of(value) + size_of(topic);
  for (const Header& header : spooled.record->headers) {
    headers.emplace_back(std::string(view(header.name)), copied(header.value));
    bytes += headers.back().first.size() + size_of(headers.back().second);
  }
}

ReplaySource::ReplaySource(const spool::Inspector& spool, ReplayChoice& choice, const Plan& plan, Counts& counts,
                           Positions& positions)
    : spool_(spool), choice_(choice), plan_(plan), counts_(counts), positions_(positions) {}

Status ReplaySource::start() {
  if (reader_.joinable()) return {};
  begun_ = Clock::now();
  reader_ = std::thread([this] { read_ahead(); });
  return {};
}

void ReplaySource::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (reader_.joinable()) reader_.join();
}

void ReplaySource::wake() noexcept {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}

void ReplaySource::read_ahead() {
  Status status = spool_.read(plan_.range, [this](const spool::SpooledRecord& spooled) { return take(spooled); });
  {
    const std::lock_guard lock(mutex_);
    read_status_ = std::move(status);
    read_all_ = true;
  }
  changed_.notify_all();
}

bool ReplaySource::take(const spool::SpooledRecord& spooled) {
  ++counts_.seen;
  const bool wanted = choice_.wants(*spooled.record);
  counts_.unjudged = choice_.unjudged();
  if (!wanted) {
    const std::lock_guard lock(mutex_);
    return !stopping_;
  }
  Ahead record(spooled);
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || ahead_bytes_ < kAheadBytes; });
  if (stopping_) return false;
  ahead_bytes_ += record.bytes + sizeof(Ahead);
  ahead_.push_back(std::move(record));
  lock.unlock();
  changed_.notify_all();
  return true;
}

Status ReplaySource::poll(Slice& into, const PollLimits& limits) {
  const auto until = Clock::now() + limits.timeout;
  while (given_ >= allowed() && Clock::now() < until) std::this_thread::sleep_for(kRateStep);
  if (given_ >= allowed() || !wait_for_some(until)) return {};
  std::size_t bytes = 0;
  for (std::uint32_t count = 0; count < limits.max_records && given_ < allowed(); ++count) {
    std::unique_lock lock(mutex_);
    if (ahead_.empty()) return read_all_ ? (read_status_.ok() ? Status(WEIR_END, "") : read_status_) : Status();
    if (count > 0 && bytes + ahead_.front().bytes > limits.max_bytes) return {};
    const Ahead record = std::move(ahead_.front());
    ahead_.pop_front();
    ahead_bytes_ -= record.bytes + sizeof(Ahead);
    lock.unlock();
    changed_.notify_all();
    bytes += record.bytes;
    ++given_;
    if (!give(into, record)) return Status::fatal("a record of the spool finds no place in a slice");
  }
  return {};
}

/// True: a record is there, or none will come.
bool ReplaySource::wait_for_some(Clock::time_point until) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, until, [this] { return woken_ || read_all_ || !ahead_.empty(); });
  woken_ = false;
  return read_all_ || !ahead_.empty();
}

bool ReplaySource::give(Slice& into, const Ahead& ahead) {
  const std::string offset = std::to_string(ahead.sequence);
  Origin* const origin = into.origins()->open(positions_.partition("spool"), bytes_of(offset), 0);
  if (origin == nullptr) return false;
  Record* const record = into.append(*origin);
  record->timestamp_ms = ahead.timestamp_ms;
  record->partition = ahead.partition;
  record->set_slot(WEIR_KEY, in_slice(into, ahead.key));
  record->set_slot(WEIR_VALUE, in_slice(into, ahead.value));
  record->topic = in_slice(into, ahead.topic);
  for (const auto& [name, value] : ahead.headers) {
    if (name != kHeader) record->add_header(name, in_slice(into, value));
  }
  record->add_header(kHeader, bytes_of(plan_.id));
  return true;
}

std::uint64_t ReplaySource::allowed() const {
  if (plan_.rate == 0) return UINT64_MAX;
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  return 1 + static_cast<std::uint64_t>(seconds * static_cast<double>(plan_.rate));
}

}  // namespace weir::host::cli
