// SHA256_CTX is deprecated for what it is not: able to choose a provider. It is what can be copied without allocating, and it uses
// the processor's SHA instructions (design section 9).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sha256.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace weir::plugins {
namespace {

/// Most significant byte first.
std::uint32_t load(const unsigned char* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return std::endian::native == std::endian::little ? __builtin_bswap32(word) : word;
}

void store(std::uint64_t word, unsigned char* out) {
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap64(word);
  std::memcpy(out, &word, sizeof(word));
}

/// The eight digits of a word, one in each byte, the first in the most significant one.
std::uint64_t hex_digits(std::uint32_t word) {
  std::uint64_t nibbles = word;
  nibbles = (nibbles << 16 | nibbles) & 0x0000FFFF0000FFFFU;
  nibbles = (nibbles << 8 | nibbles) & 0x00FF00FF00FF00FFU;
  nibbles = (nibbles << 4 | nibbles) & 0x0F0F0F0F0F0F0F0FU;
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const std::uint64_t letters = (nibbles + kOnes * 6) >> 4 & kOnes;  // 1 for ten and above
  return nibbles + kOnes * '0' + letters * ('a' - '0' - 10);
}

}  // namespace

Sha256::Sha256() { SHA256_Init(&state_); }

void Sha256::add(const Block& block) { SHA256_Update(&state_, block.data(), block.size()); }

void Sha256::finish(std::string_view rest) {
  SHA256_Update(&state_, rest.data(), rest.size());
  SHA256_Final(digest_.data(), &state_);
}

void Sha256::append_hex(std::string& out) const {
  std::array<unsigned char, 2 * kDigest> text;
  for (std::size_t at = 0; at < kDigest; at += 4) store(hex_digits(load(digest_.data() + at)), text.data() + 2 * at);
  out.append(reinterpret_cast<const char*>(text.data()), text.size());
}

}  // namespace weir::plugins
