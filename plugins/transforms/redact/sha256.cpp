// SHA256_CTX is deprecated for what it is not: able to choose a provider. It is what can be copied without allocating, and it uses
// the processor's SHA instructions (design section 9).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sha256.h"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace weir::plugins {
namespace {

static_assert(Sha256::kBlock == SHA256_CBLOCK && Sha256::kDigest == SHA256_DIGEST_LENGTH);
static_assert(sizeof(SHA_LONG) == sizeof(std::uint32_t));

/// Most significant byte first.
void store(std::uint32_t word, unsigned char* out) {
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap32(word);
  std::memcpy(out, &word, sizeof(word));
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

Sha256::Sha256() {
  SHA256_CTX state;
  SHA256_Init(&state);
  std::copy_n(state.h, words_.size(), words_.begin());
}

void Sha256::compress(const unsigned char* block) {
  SHA256_CTX state;  // of which a block needs and changes h only
  std::copy_n(words_.begin(), words_.size(), state.h);
  SHA256_Transform(&state, block);
  std::copy_n(state.h, words_.size(), words_.begin());
}

void Sha256::add(const Block& block) {
  compress(block.data());
  size_ += block.size();
}

/// The message ends with a 1, zeros, and its length in bits (FIPS 180-4, 5.1.1).
void Sha256::finish(std::string_view rest) {
  const std::uint64_t bits = (size_ + rest.size()) * 8;
  for (; rest.size() >= kBlock; rest.remove_prefix(kBlock))
    compress(reinterpret_cast<const unsigned char*>(rest.data()));
  constexpr std::size_t kLength = kBlock - sizeof(bits);  // where it stands
  Block last{};
  if (!rest.empty()) std::memcpy(last.data(), rest.data(), rest.size());
  last[rest.size()] = 0x80;
  if (rest.size() >= kLength) {
    compress(last.data());
    last.fill(0);
  }
  store(bits, last.data() + kLength);
  compress(last.data());
}

Sha256::Digest Sha256::digest() const {
  Digest digest;
  for (std::size_t i = 0; i < words_.size(); ++i) store(words_[i], digest.data() + 4 * i);
  return digest;
}

void Sha256::append_hex(std::string& out) const {
  std::array<unsigned char, 2 * kDigest> text;
  for (std::size_t i = 0; i < words_.size(); ++i) store(hex_digits(words_[i]), text.data() + 8 * i);
  out.append(reinterpret_cast<const char*>(text.data()), text.size());
}

}  // namespace weir::plugins
