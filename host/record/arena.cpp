#include "record/arena.h"

#include <algorithm>
#include <cstring>

namespace weir::host {

Arena::~Arena() { meter_->remove(capacity_); }

char* Arena::allocate_in_next(std::size_t size) {
  next_chunk(size);
  char* const start = next_;  // chunks are aligned for every object
  next_ += size;
  return start;
}

void Arena::next_chunk(std::size_t at_least) {
  for (std::size_t i = used_chunks_; i < chunks_.size(); ++i) {
    if (chunks_[i].size - kPadding < at_least) continue;
    std::swap(chunks_[i], chunks_[used_chunks_]);
    enter(chunks_[used_chunks_++]);
    return;
  }
  const std::size_t size = std::max(at_least + kPadding, kChunk);
  Chunk chunk{std::make_unique_for_overwrite<char[]>(size), size};
  std::memset(chunk.bytes.get() + size - kPadding, 0, kPadding);
  chunks_.push_back(std::move(chunk));
  capacity_ += size;
  meter_->add(size);
  std::swap(chunks_.back(), chunks_[used_chunks_]);
  enter(chunks_[used_chunks_++]);
}

void Arena::enter(const Chunk& chunk) {
  next_ = chunk.bytes.get();
  end_ = next_ + chunk.size - kPadding;
}

void Arena::shrink_last(char* start, std::size_t used) {
  if (next_ == nullptr || start > next_ || start + used > next_ || start < chunks_[used_chunks_ - 1].bytes.get())
    return;
  next_ = start + used;
}

Bytes Arena::copy(std::string_view text) {
  char* bytes = allocate(text.size(), 1);
  if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void Arena::reset() {
  std::size_t kept = 0;
  std::erase_if(chunks_, [&](const Chunk& chunk) {
    if (kept + chunk.size <= kKept) {
      kept += chunk.size;
      return false;
    }
    return true;
  });
  meter_->remove(capacity_ - kept);
  capacity_ = kept;
  used_chunks_ = 0;
  next_ = end_ = nullptr;
}

}  // namespace weir::host
