#include "record/memory_meter.h"

#include <algorithm>

namespace weir::host {
namespace {

constexpr std::size_t kPage = 4096;

}  // namespace

MemoryMeter::~MemoryMeter() { free_large(large_.size()); }

Chunk MemoryMeter::take(std::size_t size) {
  Chunk chunk;
  {
    const std::lock_guard lock(mutex_);
    chunk = size <= kSlabChunk ? Chunk{slabs_.take(), kSlabChunk} : take_large(size);
    unused_chunks_ = std::min(unused_chunks_, slabs_.spare());
    unused_large_ = std::min(unused_large_, large_.size());
  }
  used_.fetch_add(chunk.size, std::memory_order_relaxed);
  return chunk;
}

Chunk MemoryMeter::take_large(std::size_t size) {
  size = (size + kPage - 1) / kPage * kPage;
  const auto fits = [size](const Chunk& chunk) { return chunk.size >= size && chunk.size / 2 <= size; };
  const auto latest = std::find_if(large_.rbegin(), large_.rend(), fits);
  if (latest != large_.rend()) {
    const Chunk chunk = *latest;
    large_bytes_ -= chunk.size;
    large_.erase(std::next(latest).base());
    return chunk;
  }
  while (!has_room(spare_bytes() + size) && (free_large(1) > 0 || slabs_.free_slabs(1) > 0)) continue;
  return map_pages(size);
}

/// The longest waiting.
std::size_t MemoryMeter::free_large(std::size_t count) {
  count = std::min(count, large_.size());
  const auto end = large_.begin() + static_cast<std::ptrdiff_t>(count);
  for (auto chunk = large_.begin(); chunk != end; ++chunk) {
    large_bytes_ -= chunk->size;
    unmap_pages(*chunk);
  }
  large_.erase(large_.begin(), end);
  return count;
}

void MemoryMeter::give_back(Chunk chunk) {
  used_.fetch_sub(chunk.size, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  if (chunk.size == kSlabChunk) return slabs_.give_back(chunk.bytes);
  if (!has_room(spare_bytes() + chunk.size)) return unmap_pages(chunk);
  large_bytes_ += chunk.size;
  large_.push_back(chunk);
}

std::size_t MemoryMeter::spare() const {
  const std::lock_guard lock(mutex_);
  return spare_bytes();
}

void MemoryMeter::trim() {
  const std::lock_guard lock(mutex_);
  free_large((unused_large_ + 1) / 2);
  slabs_.free_slabs((unused_chunks_ + 2 * Slabs::kChunks - 1) / (2 * Slabs::kChunks));
  while (!has_room(spare_bytes()) && (slabs_.free_slabs(1) > 0 || free_large(1) > 0)) continue;
  unused_chunks_ = slabs_.spare();
  unused_large_ = large_.size();
}

}  // namespace weir::host
