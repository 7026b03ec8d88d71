#pragma once
#include <cstddef>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "record/bytes.h"
#include "record/memory_meter.h"

namespace weir::host {

/// Bump memory of one slice. Nothing is freed before reset(), so what points into it stays valid as long as the slice lives.
/// Every allocation may be read kPadding bytes past its end (not written), which is what simdjson asks for. [task]
class Arena {
 public:
  static constexpr std::size_t kPadding = 64;
  static constexpr std::size_t kChunk = kSlabChunk;

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
