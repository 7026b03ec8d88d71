#include "record/arena.h"

#include <algorithm>
#include <cstring>

namespace weir::host {

Arena::~Arena() { reset(); }

char* Arena::allocate_in_next(std::size_t size) {
  if (chunks_.size() == chunks_.capacity())
    chunks_.reserve(2 * chunks_.size() + 4);  // a chunk that was taken finds its place
  const Chunk chunk = meter_->take(std::max(size + kPadding, kChunk));
  chunks_.push_back(chunk);
  capacity_ += chunk.size;
  char* const start = chunk.bytes;  // aligned for every object
  end_ = start + chunk.size - kPadding;
  next_ = start + size;
  return start;
}

void Arena::shrink_last(char* start, std::size_t used) {
  if (next_ == nullptr || start > next_ || start + used > next_ || start < chunks_.back().bytes) return;
  next_ = start + used;
}

Bytes Arena::copy(std::string_view text) {
  char* bytes = allocate(text.size(), 1);
  if (!text.empty()) std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void Arena::reset() {
  for (; !chunks_.empty(); chunks_.pop_back()) meter_->give_back(chunks_.back());
  capacity_ = 0;
  next_ = end_ = nullptr;
}

}  // namespace weir::host
