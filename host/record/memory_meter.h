#pragma once
#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "record/slabs.h"

namespace weir::host {

/// What a task's records take, against `memory:`: chunks of slices, those that slices gave back for the next ones, and what sinks
/// keep beside them. Thread-safe.
class MemoryMeter {
 public:
  explicit MemoryMeter(std::size_t limit) : limit_(limit) {}
  ~MemoryMeter();
  MemoryMeter(const MemoryMeter&) = delete;
  MemoryMeter& operator=(const MemoryMeter&) = delete;

  /// Bytes of the chunks that are out.
  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  /// Bytes that others than slices take, or soon may again.
  void set_beside(std::size_t bytes) { beside_.store(bytes, std::memory_order_relaxed); }
  [[nodiscard]] std::size_t beside() const { return beside_.load(std::memory_order_relaxed); }
  /// Whether `size` more would stay within the limit.
  [[nodiscard]] bool has_room(std::size_t size) const {
    return used() + beside_.load(std::memory_order_relaxed) + size <= limit_;
  }
  [[nodiscard]] std::size_t limit() const { return limit_; }
  /// The largest record a pipeline takes (design 3.5): a quarter of its memory.
  [[nodiscard]] std::size_t record_limit() const { return limit_ / 4; }

  /// A chunk of at least `size` bytes, kSlabChunk at least, the one that came back last if it fits: it may still be in the processor's
  /// caches. The limit is the window's to keep: this one only lets go of spare chunks for it. Throws std::bad_alloc.
  [[nodiscard]] Chunk take(std::size_t size);
  /// Of this meter. It waits to be used again.
  void give_back(Chunk chunk);
  /// Bytes of the chunks that wait to be used again.
  [[nodiscard]] std::size_t spare() const;
  /// Lets go of what the limit has no room for, and of half of what has waited ever since the last call: a burst does not pin its
  /// memory for ever. Chunks of a slab go when all of it waits.
  void trim();

 private:
  [[nodiscard]] Chunk take_large(std::size_t size);
  [[nodiscard]] std::size_t spare_bytes() const { return slabs_.spare() * kSlabChunk + large_bytes_; }
  std::size_t free_large(std::size_t count);

  std::atomic<std::size_t> used_{0};
  std::atomic<std::size_t> beside_{0};
  std::size_t limit_;
  mutable std::mutex mutex_;  // guards what is below
  Slabs slabs_;
  std::vector<Chunk> large_;  // spare ones that are larger, the longest waiting first
  std::size_t large_bytes_ = 0;
  // The fewest that were spare since the last trim().
  std::size_t unused_chunks_ = 0;  // of slabs
  std::size_t unused_large_ = 0;
};

}  // namespace weir::host
