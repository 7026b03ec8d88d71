#include "pipeline/window.h"

#include <algorithm>

namespace weir::host {
namespace {

constexpr std::size_t kPooled = 1024;  // slices without their memory: all that 64 MiB of usual records make, and more

bool is_unsettled(const Record& record) {
  return record.fate == Fate::live || record.fate == Fate::held || record.fate == Fate::failed;
}

std::size_t count_unsettled(const Slice& slice) {
  const auto& records = slice.records();
  return static_cast<std::size_t>(
      std::count_if(records.begin(), records.end(), [](const Record* each) { return is_unsettled(*each); }));
}

}  // namespace

Window::Window(const SliceHome& home, PositionLog& positions, bool past_bad_records)
    : home_(&home), positions_(&positions), past_bad_records_(past_bad_records) {}

std::size_t Window::expected_slice() const {
  // Large records come in a row: the newest slice is the best guess for the next one.
  return std::max(Slice::kBytes, newest_);
}

bool Window::has_room() const { return entries_.empty() || home_->memory->has_room(expected_slice() * (1 + lent_)); }

std::unique_ptr<Slice> Window::take_slice() {
  if (pool_.empty()) return std::make_unique<Slice>(*home_);
  std::unique_ptr<Slice> slice = std::move(pool_.back());
  pool_.pop_back();
  return slice;
}

void Window::give_back(std::unique_ptr<Slice> slice) {
  slice->recycle();
  if (pool_.size() < kPooled) pool_.push_back(std::move(slice));
}

Slice& Window::admit(std::unique_ptr<Slice> slice, Clock::time_point now) {
  positions_->admit(slice->origins());
  if (spare_.empty()) spare_.emplace_back();
  entries_.splice(entries_.end(), spare_, spare_.begin());
  const auto entry = std::prev(entries_.end());
  slice->entry = &*entry;
  entry->slice = std::move(slice);
  entry->ready = entry->lent = false;
  entry->next = 0;
  entry->since = now;
  entry->self = entry;
  if (cursor_ == entries_.end()) cursor_ = entry;
  return *entry->slice;
}

void Window::lend(Slice& slice) {
  slice.entry->lent_records = count_unsettled(slice);
  slice.entry->lent = slice.origins()->lent = true;
  ++lent_;
}

void Window::take_back(Slice& slice) {
  slice.entry->lent = slice.origins()->lent = false;
  --lent_;
}

void Window::ready(Slice& slice) {
  slice.entry->ready = true;
  newest_ = slice.pinned();
  if (slice.unsettled() == 0) drained_.push_back(slice.entry);
}

std::span<Record* const> Window::offer() {
  offered_.clear();
  for (; cursor_ != entries_.end() && cursor_->ready; ++cursor_) {
    const auto& records = cursor_->slice->records();
    for (std::size_t& next = cursor_->next; next < records.size(); ++next) {
      if (records[next]->fate == Fate::live) break;
      if (records[next]->fate == Fate::failed && !past_bad_records_) return {};
    }
    for (std::size_t i = cursor_->next; i < records.size(); ++i) {
      if (records[i]->fate == Fate::live) offered_.push_back(records[i]);
      if (records[i]->fate == Fate::failed && !past_bad_records_) break;
    }
    if (!offered_.empty()) return offered_;
    cursor_->slice->drop_documents();  // its records are in the sink, by their bytes
  }
  return {};
}

void Window::taken(std::size_t count) {
  if (count == 0) return;
  const auto& records = cursor_->slice->records();
  const Record* const last = offered_[count - 1];
  while (records[cursor_->next++] != last) continue;
}

void Window::rewind() {
  for (WindowEntry& entry : entries_) entry.next = 0;
  cursor_ = entries_.begin();
}

void Window::settle(Record& record, bool refused) {
  record.fate = Fate::settled;
  Slice& slice = *record.slice;
  const auto release = [&](Origin& origin) {
    origin.refused = origin.refused || refused;
    positions_->release(origin);
  };
  release(*record.origin);
  for (std::uint32_t i = 0; i < record.extra_origin_count; ++i) release(*record.extra_origins[i]);
  slice.count_settled();
  if (slice.unsettled() == 0 && slice.entry != nullptr && slice.entry->ready) drained_.push_back(slice.entry);
}

void Window::remove(WindowEntry& entry) {
  if (cursor_ == entry.self) ++cursor_;
  give_back(std::move(entry.slice));
  spare_.splice(spare_.end(), entries_, entry.self);
}

void Window::reclaim(bool merged) {
  if (merged) {
    drained_.clear();
    for (WindowEntry& entry : entries_) {
      if (entry.ready && entry.slice->unsettled() == 0) drained_.push_back(&entry);
    }
  }
  if (drained_.empty()) return;
  const auto now = Clock::now();
  for (WindowEntry* entry : drained_) {
    settled_after_.add(now - entry->since);
    remove(*entry);
  }
  drained_.clear();
}

std::uint64_t Window::in_flight() const {
  std::uint64_t count = 0;
  for (const WindowEntry& entry : entries_) count += entry.lent ? entry.lent_records : count_unsettled(*entry.slice);
  return count;
}

bool Window::holds_back() const {
  return std::any_of(entries_.begin(), entries_.end(), [](const WindowEntry& entry) {
    if (entry.lent) return false;  // it has not passed the transforms, and those of other threads hold none
    const auto& records = entry.slice->records();
    return std::any_of(records.begin(), records.end(), [](const Record* each) { return each->fate == Fate::held; });
  });
}

Window::Clock::duration Window::oldest_age(Clock::time_point now) const {
  for (const WindowEntry& entry : entries_) {
    if (entry.lent && entry.lent_records > 0) return now - entry.since;
    if (entry.lent) continue;
    const auto& records = entry.slice->records();
    if (std::any_of(records.begin(), records.end(),
                    [](const Record* each) { return is_unsettled(*each) && each->fate != Fate::held; })) {
      return now - entry.since;
    }
  }
  return Clock::duration::zero();
}

}  // namespace weir::host
