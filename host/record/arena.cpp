#include "record/arena.h"

#include <algorithm>
#include <cstring>

namespace weir::host {

/// Of no size when none fits: then the spare ones that stand in the limit's way are gone.
Chunk MemoryMeter::take_spare(std::size_t size) {
  const std::lock_guard lock(mutex_);
  const auto fits = [size](const Chunk& chunk) { return chunk.size >= size && chunk.size / 2 <= size; };
  const auto latest = std::find_if(spare_.rbegin(), spare_.rend(), fits);
  Chunk chunk;
  if (latest != spare_.rend()) {
    chunk = std::move(*latest);
    spare_bytes_ -= chunk.size;
    spare_.erase(std::next(latest).base());
  } else {
    while (!spare_.empty() && used() + spare_bytes_ + size > limit_) {
      spare_bytes_ -= spare_.back().size;
      spare_.pop_back();
    }
  }
  return chunk;
}

Chunk MemoryMeter::take(std::size_t size) {
  Chunk chunk = take_spare(size);
  if (chunk.bytes == nullptr) {
    chunk = {std::make_unique_for_overwrite<char[]>(size), size};
    std::memset(chunk.bytes.get() + size - Arena::kPadding, 0, Arena::kPadding);
  }
  used_.fetch_add(chunk.size, std::memory_order_relaxed);
  return chunk;
}

void MemoryMeter::give_back(Chunk chunk) {
  used_.fetch_sub(chunk.size, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (spare_bytes_ + chunk.size > limit_ / 4) return;
  spare_bytes_ += chunk.size;
  spare_.push_back(std::move(chunk));
}

std::size_t MemoryMeter::spare() const {
  const std::lock_guard lock(mutex_);
  return spare_bytes_;
}

Arena::~Arena() { reset(); }

char* Arena::allocate_in_next(std::size_t size) {
  const Chunk& chunk = chunks_.emplace_back(meter_->take(std::max(size + kPadding, kChunk)));
  capacity_ += chunk.size;
  char* const start = chunk.bytes.get();  // aligned for every object
  end_ = start + chunk.size - kPadding;
  next_ = start + size;
  return start;
}

void Arena::shrink_last(char* start, std::size_t used) {
  if (next_ == nullptr || start > next_ || start + used > next_ || start < chunks_.back().bytes.get()) return;
  next_ = start + used;
}

Bytes Arena::copy(std::string_view text) {
  char* bytes = allocate(text.size(), 1);
  if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void Arena::reset() {
  for (; !chunks_.empty(); chunks_.pop_back()) meter_->give_back(std::move(chunks_.back()));
  capacity_ = 0;
  next_ = end_ = nullptr;
}

}  // namespace weir::host
