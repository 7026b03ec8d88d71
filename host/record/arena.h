#pragma once
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "record/bytes.h"

namespace weir::host {

struct FreePages {
  std::size_t size = 0;
  void operator()(char* pages) const noexcept;
};

/// Memory in pages of its own: on the heap the small objects of client libraries would settle in the holes between chunks.
struct Chunk {
  std::unique_ptr<char, FreePages> bytes;
  [[nodiscard]] std::size_t size() const { return bytes.get_deleter().size; }
};

/// What a task's records take, against `memory:`: chunks of slices, those that slices gave back for the next ones, and what sinks
/// keep beside them. Thread-safe.
class MemoryMeter {
 public:
  explicit MemoryMeter(std::size_t limit) : limit_(limit) {}
  /// Bytes of the chunks that are out.
  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }
  /// Bytes that others than slices take, or soon may again.
  void set_beside(std::size_t bytes) { beside_.store(bytes, std::memory_order_relaxed); }
  /// Whether `size` more would stay within the limit.
  [[nodiscard]] bool has_room(std::size_t size) const { return taken() + size <= limit_; }
  [[nodiscard]] std::size_t limit() const { return limit_; }
  /// The largest record a pipeline takes (design 3.5): a quarter of its memory.
  [[nodiscard]] std::size_t record_limit() const { return limit_ / 4; }

  /// A chunk of at least `size` bytes, the one that came back last if it fits: it may still be in the processor's caches. The limit is
  /// the window's to keep: this one only lets go of spare chunks for it. Throws std::bad_alloc.
  [[nodiscard]] Chunk take(std::size_t size);
  /// It waits to be used again, unless the limit has no room for it.
  void give_back(Chunk chunk);
  /// Bytes of the chunks that wait to be used again.
  [[nodiscard]] std::size_t spare() const;
  /// Lets go of half of what has waited ever since the last call, so that a burst does not pin its memory for ever.
  void trim();

 private:
  [[nodiscard]] std::size_t taken() const { return used() + beside_.load(std::memory_order_relaxed); }
  [[nodiscard]] Chunk take_spare(std::size_t size);
  void free_spare(std::size_t count);

  std::atomic<std::size_t> used_{0};
  std::atomic<std::size_t> beside_{0};
  std::size_t limit_;
  mutable std::mutex mutex_;  // guards what is below
  std::vector<Chunk> spare_;  // the longest waiting first
  std::size_t spare_bytes_ = 0;
  std::size_t unused_ = 0;  // spare chunks, the fewest there were since the last trim()
};

/// Bump memory of one slice. Nothing is freed before reset(), so what points into it stays valid as long as the slice lives.
/// Every allocation may be read kPadding bytes past its end (not written), which is what simdjson asks for. [task]
class Arena {
 public:
  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kChunk = 32 * 1024;

  explicit Arena(MemoryMeter& meter) : meter_(&meter) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// `size` bytes aligned to `align` (a power of two ≤ 16). Never null; throws std::bad_alloc when the machine has no more.
  [[nodiscard]] char* allocate(std::size_t size, std::size_t align = 8) {
    const std::size_t gap = -reinterpret_cast<std::uintptr_t>(next_) & (align - 1);
    const auto room = static_cast<std::size_t>(end_ - next_);
    if (room <= gap || room - gap < size) [[unlikely]]
      return allocate_in_next(size);
    char* const start = next_ + gap;
    next_ = start + size;
    return start;
  }
  /// Gives back the tail of the newest allocation: `used` bytes of it stay.
  void shrink_last(char* start, std::size_t used);
  /// A copy that lives as long as the arena.
  [[nodiscard]] Bytes copy(std::string_view text);
  /// An object that needs no destructor.
  template <typename T, typename... Args>
  [[nodiscard]] T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }
  template <typename T>
  [[nodiscard]] T* make_array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    auto* first = reinterpret_cast<T*>(allocate(sizeof(T) * count, alignof(T)));
    for (std::size_t i = 0; i < count; ++i) new (first + i) T();
    return first;
  }

  /// Forgets everything and gives its chunks back to the meter, so that a steady flow allocates nothing.
  void reset();
  /// Bytes of its chunks, as the meter counts them.
  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  char* allocate_in_next(std::size_t size);

  MemoryMeter* meter_;
  std::vector<Chunk> chunks_;
  char* next_ = nullptr;
  char* end_ = nullptr;  // of what may be handed out: the padding lies behind it
  std::size_t capacity_ = 0;
};

}  // namespace weir::host
