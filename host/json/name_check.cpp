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

std::uint64_t load(const char* at, std::size_t size) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, std::min<std::size_t>(size, 8));
  return word;
}

std::uint32_t hash_of(std::string_view name) {
  const std::uint64_t front = load(name.data(), name.size());
  const std::uint64_t back = name.size() <= 8 ? 0 : load(name.data() + name.size() - 8, 8);
  const std::uint64_t mixed = (front ^ (back * 0x9E3779B97F4A7C15u) ^ name.size()) * 0xD6E8FEB86659FD93u;
  return static_cast<std::uint32_t>(mixed >> 32);
}

}  // namespace

void NameCheck::push(std::string_view name) {
  names_.push_back({name.data(), static_cast<std::uint32_t>(name.size()), hash_of(name)});
}

bool NameCheck::end(Mark mark) {
  const std::size_t count = names_.size() - mark;
  const bool found = count > 1 && (count <= kSmall ? search_small(mark) : search_large(mark));
  names_.resize(mark);
  return found;
}

void NameCheck::clear() {
  names_.clear();
  if (names_.capacity() > kKeep) names_.shrink_to_fit();
}

bool NameCheck::equal(const Name& a, const Name& b) {
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
  std::sort(first, names_.end(), [](const Name& a, const Name& b) {
    if (a.hash != b.hash || a.size != b.size) return std::tie(a.hash, a.size) < std::tie(b.hash, b.size);
    return std::memcmp(a.text, b.text, a.size) < 0;
  });
  return std::adjacent_find(first, names_.end(), equal) != names_.end();
}

}  // namespace weir::host::json
