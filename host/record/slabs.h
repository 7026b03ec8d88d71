#pragma once
#include <cstddef>
#include <vector>

namespace weir::host {

/// Zeroed or used memory in pages apart from the heap, where the small objects of client libraries would settle in the holes between
/// chunks. Whoever made it frees it.
struct Chunk {
  char* bytes = nullptr;
  std::size_t size = 0;
};

inline constexpr std::size_t kSlabChunk = 32 * 1024;

/// Pages of their own, zeroed. Throws std::bad_alloc.
[[nodiscard]] Chunk map_pages(std::size_t size);
void unmap_pages(Chunk chunk) noexcept;

/// Chunks of kSlabChunk bytes, cut from slabs of 2 MiB: each mapping by itself would interrupt the other cores when it goes. Pages
/// that no chunk ever lay in cost nothing. Not thread-safe.
class Slabs {
 public:
  static constexpr std::size_t kSlab = 2 * 1024 * 1024;
  static constexpr std::size_t kChunks = kSlab / kSlabChunk;

  Slabs() = default;
  ~Slabs();
  Slabs(const Slabs&) = delete;
  Slabs& operator=(const Slabs&) = delete;

  /// The one that came back last, or one never used. Throws std::bad_alloc.
  [[nodiscard]] char* take();
  void give_back(char* chunk) noexcept { spare_.push_back(chunk); }  // there is room: add_slab()
  /// Chunks that came back.
  [[nodiscard]] std::size_t spare() const { return spare_.size(); }
  /// Unmaps up to `count` slabs none of whose chunks are out, the newest first; tells how many.
  std::size_t free_slabs(std::size_t count);

 private:
  struct Slab {
    char* start;           // aligned to kSlab, which tells a chunk's slab
    std::size_t used = 0;  // chunks of it that were ever out
  };
  void add_slab();
  [[nodiscard]] bool is_idle(const Slab& slab) const;
  void free_slab(std::size_t index);

  std::vector<Slab> slabs_;
  std::vector<char*> spare_;
};

}  // namespace weir::host
