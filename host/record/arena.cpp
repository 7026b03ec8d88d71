#include "record/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace weir::host {
namespace {

/// Zeroed.
Chunk make_chunk(std::size_t size) {
  void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  return {std::unique_ptr<char, FreePages>(static_cast<char*>(pages), FreePages{size})};
}

}  // namespace

/// Unmapping may be refused, for a hole makes two mappings of one and the kernel counts those: then the pages go without their addresses.
void FreePages::operator()(char* pages) const noexcept {
  if (::munmap(pages, size) != 0) ::madvise(pages, size, MADV_DONTNEED);
}

/// Of no size when none fits: then the spare ones that stand in the limit's way are gone.
Chunk MemoryMeter::take_spare(std::size_t size) {
  const std::lock_guard lock(mutex_);
  const auto fits = [size](const Chunk& chunk) { return chunk.size() >= size && chunk.size() / 2 <= size; };
  const auto latest = std::find_if(spare_.rbegin(), spare_.rend(), fits);
  Chunk chunk;
  if (latest != spare_.rend()) {
    chunk = std::move(*latest);
    spare_bytes_ -= chunk.size();
    spare_.erase(std::next(latest).base());
  } else {
    std::size_t count = 0;
    for (std::size_t left = spare_bytes_; count < spare_.size() && !has_room(left + size); ++count)
      left -= spare_[count].size();
    free_spare(count);
  }
  unused_ = std::min(unused_, spare_.size());
  return chunk;
}

/// The longest waiting.
void MemoryMeter::free_spare(std::size_t count) {
  const auto end = spare_.begin() + static_cast<std::ptrdiff_t>(count);
  for (auto chunk = spare_.begin(); chunk != end; ++chunk) spare_bytes_ -= chunk->size();
  spare_.erase(spare_.begin(), end);
}

Chunk MemoryMeter::take(std::size_t size) {
  Chunk chunk = take_spare(size);
  if (chunk.bytes == nullptr) chunk = make_chunk(size);
  used_.fetch_add(chunk.size(), std::memory_order_relaxed);
  return chunk;
}

void MemoryMeter::give_back(Chunk chunk) {
  used_.fetch_sub(chunk.size(), std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (!has_room(spare_bytes_ + chunk.size())) return;
  spare_bytes_ += chunk.size();
  spare_.push_back(std::move(chunk));
}

void MemoryMeter::trim() {
  const std::lock_guard lock(mutex_);
  free_spare((unused_ + 1) / 2);
  unused_ = spare_.size();
}

std::size_t MemoryMeter::spare() const {
  const std::lock_guard lock(mutex_);
  return spare_bytes_;
}

Arena::~Arena() { reset(); }

char* Arena::allocate_in_next(std::size_t size) {
  const Chunk& chunk = chunks_.emplace_back(meter_->take(std::max(size + kPadding, kChunk)));
  capacity_ += chunk.size();
  char* const start = chunk.bytes.get();  // aligned for every object
  end_ = start + chunk.size() - kPadding;
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
