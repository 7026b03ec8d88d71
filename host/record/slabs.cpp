#include "record/slabs.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <new>

namespace weir::host {
namespace {

char* slab_of(char* chunk) { return chunk - reinterpret_cast<std::uintptr_t>(chunk) % Slabs::kSlab; }

/// Mapped larger than needed, and cut to where it is aligned.
char* map_slab() {
  const Chunk wide = map_pages(2 * Slabs::kSlab);
  char* const start = slab_of(wide.bytes + Slabs::kSlab - 1);
  const auto before = static_cast<std::size_t>(start - wide.bytes);
  if (before > 0) unmap_pages({wide.bytes, before});
  unmap_pages({start + Slabs::kSlab, Slabs::kSlab - before});
  return start;
}

}  // namespace

Chunk map_pages(std::size_t size) {
  void* const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  return {static_cast<char*>(pages), size};
}

/// The kernel may refuse, for a hole makes two mappings of one and it counts those: then the pages go without their addresses.
void unmap_pages(Chunk chunk) noexcept {
  if (::munmap(chunk.bytes, chunk.size) != 0) ::madvise(chunk.bytes, chunk.size, MADV_DONTNEED);
}

Slabs::~Slabs() {
  for (const Slab& slab : slabs_) unmap_pages({slab.start, kSlab});
}

void Slabs::add_slab() {
  slabs_.reserve(slabs_.size() + 1);
  spare_.reserve((slabs_.size() + 1) * kChunks);
  char* const start = map_slab();
  slabs_.push_back({start});
}

char* Slabs::take() {
  if (!spare_.empty()) {
    char* const chunk = spare_.back();
    spare_.pop_back();
    return chunk;
  }
  if (slabs_.empty() || slabs_.back().used == kChunks) add_slab();
  Slab& slab = slabs_.back();
  return slab.start + slab.used++ * kSlabChunk;
}

bool Slabs::is_idle(const Slab& slab) const {
  const auto lies_in = [&slab](char* chunk) { return slab_of(chunk) == slab.start; };
  return static_cast<std::size_t>(std::count_if(spare_.begin(), spare_.end(), lies_in)) == slab.used;
}

void Slabs::free_slab(std::size_t index) {
  char* const start = slabs_[index].start;
  std::erase_if(spare_, [start](char* chunk) { return slab_of(chunk) == start; });
  slabs_.erase(slabs_.begin() + static_cast<std::ptrdiff_t>(index));
  unmap_pages({start, kSlab});
}

std::size_t Slabs::free_slabs(std::size_t count) {
  std::size_t freed = 0;
  for (std::size_t i = slabs_.size(); i-- > 0 && freed < count;) {
    if (!is_idle(slabs_[i])) continue;
    free_slab(i);
    ++freed;
  }
  return freed;
}

}  // namespace weir::host
