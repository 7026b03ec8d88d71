#include "pipeline/tap.h"

#include <algorithm>
#include <new>

namespace weir::host {
namespace {

std::optional<std::string> copy_of(Bytes bytes) {
  if (is_null(bytes)) return std::nullopt;
  return std::string(view(bytes));
}

std::size_t size_of(const Record& record) {
  std::size_t size = sizeof(TapRecord) + record.key().len + record.value().len + record.topic.len;
  for (const Header& header : record.headers.all()) size += sizeof header + header.name.len + header.value.len;
  return size;
}

}  // namespace

bool Tap::open(std::size_t place) {
  const std::lock_guard lock(mutex_);
  if (place_.load(std::memory_order_relaxed) != kNowhere) return false;
  place_.store(static_cast<std::ptrdiff_t>(place), std::memory_order_relaxed);
  return true;
}

void Tap::close() {
  const std::lock_guard lock(mutex_);
  place_.store(kNowhere, std::memory_order_relaxed);
  queue_.clear();
  bytes_ = 0;
}

std::deque<TapRecord> Tap::take() {
  const std::lock_guard lock(mutex_);
  bytes_ = 0;
  return std::exchange(queue_, {});
}

void Tap::offer(const Slice& slice, std::size_t place) noexcept {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  // Asked again under the mutex: a chain that is late must not give to the next reader what only the one before it was to see.
  if (lock && place_.load(std::memory_order_relaxed) != static_cast<std::ptrdiff_t>(place)) return;
  std::uint64_t copied = 0;
  std::uint64_t missed = 0;
  for (const Record* record : slice.records()) {
    if (record->fate != Fate::live) continue;
    ++(lock && copy(*record) ? copied : missed);
  }
  copied_.fetch_add(copied, std::memory_order_relaxed);
  missed_.fetch_add(missed, std::memory_order_relaxed);
}

bool Tap::copy(const Record& record) try {
  const std::size_t size = size_of(record);
  if (queue_.size() >= kRecords || size > kBytes - bytes_) return false;
  TapRecord copy{copy_of(record.key()), copy_of(record.value()), copy_of(record.topic), {}, record.timestamp_ms};
  for (const Header& header : record.headers.all()) {
    copy.headers.emplace_back(std::string(view(header.name)), copy_of(header.value));
  }
  queue_.push_back(std::move(copy));
  bytes_ += size;
  return true;
} catch (const std::bad_alloc&) {
  return false;
}

}  // namespace weir::host
