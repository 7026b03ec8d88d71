#include "murmur2.h"

#include <cstddef>

namespace weir::kafka {
namespace {

constexpr std::uint32_t kSeed = 0x9747b28c;
constexpr std::uint32_t kMultiplier = 0x5bd1e995;
constexpr int kShift = 24;

std::uint32_t little_endian(const char* bytes, std::size_t count) {
  std::uint32_t word = 0;
  for (std::size_t i = 0; i < count; ++i)
    word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return word;
}

}  // namespace

std::uint32_t murmur2(std::string_view bytes) {
  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(bytes.size());
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) {
    std::uint32_t word = little_endian(bytes.data(), 4) * kMultiplier;
    word = (word ^ (word >> kShift)) * kMultiplier;
    hash = (hash * kMultiplier) ^ word;
  }
  if (!bytes.empty()) hash = (hash ^ little_endian(bytes.data(), bytes.size())) * kMultiplier;
  hash = (hash ^ (hash >> 13)) * kMultiplier;
  return hash ^ (hash >> 15);
}

std::int32_t partition_of(std::string_view key, std::int32_t count) {
  return static_cast<std::int32_t>(murmur2(key) & 0x7fffffffu) % count;
}

}  // namespace weir::kafka
