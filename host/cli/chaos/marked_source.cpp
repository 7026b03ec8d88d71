#include "cli/chaos/marked_source.h"

#include <algorithm>
#include <utility>

#include "cli/chaos/mark.h"

namespace weir::host::cli::chaos {
namespace {

constexpr double kLongestGap = 1;      // seconds between two questions that count
constexpr double kLargestBatch = 0.1;  // seconds' worth of records

}  // namespace

std::uint32_t Pace::allowed(std::uint32_t wanted) {
  if (page_.rate <= 0) return page_.hold ? 0 : wanted;
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  const double seconds = std::min(std::chrono::duration<double>(now - then_).count(), kLongestGap);
  then_ = now;
  if (page_.hold) return 0;
  due_ = std::min(due_ + seconds * page_.rate, std::max(1.0, kLargestBatch * page_.rate));
  return due_ < 1 ? 0 : std::min(wanted, static_cast<std::uint32_t>(due_));
}

void Pace::note(std::size_t count) {
  const std::lock_guard lock(mutex_);
  due_ -= static_cast<double>(count);
}

Status MarkedSource::poll(Slice& into, const PollLimits& limits) {
  PollLimits slowed = limits;
  slowed.max_records = pace_->allowed(limits.max_records);
  if (slowed.max_records == 0) return {};
  Status status = inner_->poll(into, slowed);
  mark(into);
  return status;
}

void MarkedSource::mark(Slice& slice) {
  const auto records = slice.records();
  for (Record* record : records) {
    const Origin& origin = *record->origin;
    const std::string position =
        mark_text(positions_->name(origin.partition), std::as_const(*origin.block).offset_of(origin));
    number_ = position == position_ ? number_ + 1 : 0;
    position_ = position;
    record->remove_header(kMarkHeader);
    record->add_header(kMarkHeader, bytes_of(numbered_mark(position, number_)));
  }
  pace_->note(records.size());
}

}  // namespace weir::host::cli::chaos
