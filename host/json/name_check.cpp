#include "json/name_check.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

namespace weir::host::json {
namespace {

constexpr std::size_t kSmall = 128;
constexpr std::size_t kSlots = 256;  // a power of two, at most half full
constexpr std::size_t kKeep = 16 * 1024;

}  // namespace

bool NameCheck::end(const Object& object) {
  const std::size_t mark = object.first_;
  const bool small = names_.size() - mark <= kSmall;
  const bool found = object.suspect_ && (small ? search_small(mark) : search_large(mark));
  names_.erase(names_.begin() + static_cast<std::ptrdiff_t>(mark), names_.end());
  return found;
}

void NameCheck::clear() {
  names_.clear();
  if (names_.capacity() > kKeep) names_.shrink_to_fit();
}

bool NameCheck::equal(const NameKey& a, const NameKey& b) {
  return a.hash == b.hash && a.size == b.size && std::memcmp(a.text, b.text, a.size) == 0;
}

bool NameCheck::search_small(std::size_t mark) const {
  std::array<std::uint8_t, kSlots> slots{};  // position from 1; 0: free
  for (std::size_t i = mark; i < names_.size(); ++i) {
    std::size_t slot = names_[i].hash % kSlots;
    for (; slots[slot] != 0; slot = (slot + 1) % kSlots) {
      if (equal(names_[mark + slots[slot] - 1], names_[i])) return true;
    }
    slots[slot] = static_cast<std::uint8_t>(i - mark + 1);
  }
  return false;
}

bool NameCheck::search_large(std::size_t mark) {
  const auto first = names_.begin() + static_cast<std::ptrdiff_t>(mark);
  std::sort(first, names_.end(), [](const NameKey& a, const NameKey& b) {
    if (a.hash != b.hash || a.size != b.size) return std::tie(a.hash, a.size) < std::tie(b.hash, b.size);
    return std::memcmp(a.text, b.text, a.size) < 0;
  });
  return std::adjacent_find(first, names_.end(), equal) != names_.end();
}

}  // namespace weir::host::json
