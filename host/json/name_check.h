#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace weir::host::json {

/// A name without its quotes and escapes, and a number that equal names share. 8 bytes behind the text are readable.
struct NameKey {
  explicit NameKey(std::string_view name);
  [[nodiscard]] std::string_view view() const { return {text, size}; }

  const char* text;
  std::uint32_t size;
  std::uint32_t hash;
};

/// Finds names that occur twice in an object, nested objects included: names are pushed as they come, and an object's end
/// judges those since its begin. Names are unescaped and stay where they are until then.
/// Linear for small objects, n log n for large ones whatever the names. [task]
class NameCheck {
 public:
  /// The names of one object so far. Most objects are cleared by two bits for each of them.
  class Object {
   public:
    explicit Object(std::size_t first) : first_(first) {}

   private:
    friend class NameCheck;
    void meet(std::uint32_t hash) {
      std::uint64_t& word = bits_[hash % kWords];
      const std::uint64_t mask = std::uint64_t{1} << (hash >> 8 & 63) | std::uint64_t{1} << (hash >> 16 & 63);
      suspect_ |= (word & mask) == mask;
      word |= mask;
    }

    static constexpr std::size_t kWords = 8;
    std::size_t first_;
    bool suspect_ = false;  // two hashes may be equal
    std::uint64_t bits_[kWords] = {};
  };

  [[nodiscard]] Object begin() const { return Object(names_.size()); }
  void push(Object& object, NameKey name) {
    names_.push_back(name);
    object.meet(name.hash);
  }
  /// True: two names of the object are equal. Forgets them.
  bool end(const Object& object);
  void clear();

 private:
  static bool equal(const NameKey& a, const NameKey& b);
  bool search_small(std::size_t mark) const;
  bool search_large(std::size_t mark);

  std::vector<NameKey> names_;
};

inline NameKey::NameKey(std::string_view name) : text(name.data()), size(static_cast<std::uint32_t>(name.size())) {
  std::uint64_t front = 0;
  std::uint64_t back = 0;
  std::memcpy(&front, text, 8);
  if (size < 8) {
    front &= (std::uint64_t{1} << (8 * size)) - 1;
  } else {
    std::memcpy(&back, text + size - 8, 8);
  }
  const std::uint64_t mixed = (front ^ (back * 0x9E3779B97F4A7C15u) ^ size) * 0xD6E8FEB86659FD93u;
  hash = static_cast<std::uint32_t>(mixed >> 32);
}

}  // namespace weir::host::json
