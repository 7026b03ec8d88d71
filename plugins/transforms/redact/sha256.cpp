// SHA256_CTX and SHA256_Transform are deprecated since OpenSSL 3.0, with all of its functions that cannot choose a provider, and are
// part of its ABI as long as it is 3.x. They work without allocating, and use the processor's SHA instructions (design section 9).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sha256.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "sixteen_bytes.h"

namespace weir::plugins {
namespace {

using Words = std::uint32_t __attribute__((vector_size(16)));

/// The words' bytes, of each the most significant one first.
Bytes big_endian(Words words) {
  if constexpr (std::endian::native == std::endian::little) {
    words = words << 16 | words >> 16;
    words = (words & 0x00FF00FFU) << 8 | (words >> 8 & 0x00FF00FFU);
  }
  return std::bit_cast<Bytes>(words);
}

Bytes hex_digits(Bytes nibbles) {
  const auto letters = std::bit_cast<Bytes>(nibbles > 9);  // all ones: ten and above
  return nibbles + '0' + (letters & ('a' - '0' - 10));
}

Bytes last_eight(std::uint64_t number) {
  if constexpr (std::endian::native == std::endian::little) number = __builtin_bswap64(number);
  using Numbers = std::uint64_t __attribute__((vector_size(sizeof(Bytes))));
  return std::bit_cast<Bytes>(Numbers{0, number});
}

/// A one as the first bit of the byte at `at`, which is less than sixteen.
Bytes one_at(std::size_t at) {
  constexpr std::size_t kSize = sizeof(Bytes);
  static constexpr std::array<unsigned char, 2 * kSize> kOne = [] {
    std::array<unsigned char, 2 * kSize> bytes{};
    bytes[kSize] = 0x80;
    return bytes;
  }();
  return load_vector(kOne.data() + kSize - at);
}

}  // namespace

Sha256::Sha256() {
  SHA256_CTX state;
  SHA256_Init(&state);
  std::copy_n(state.h, words_.size(), words_.begin());
}

void Sha256::compress(const void* block) {
  SHA256_CTX state;  // of which a block needs and changes h only
  std::copy_n(words_.begin(), words_.size(), state.h);
  SHA256_Transform(&state, static_cast<const unsigned char*>(block));
  std::copy_n(state.h, words_.size(), words_.begin());
}

void Sha256::add(const Block& block) {
  compress(block.data());
  size_ += block.size();
}

/// The message ends with a one, zeros, and its length in bits, most significant byte first (section 5.1.1).
void Sha256::finish_block(Pieces& end, std::size_t size) {
  end[size / sizeof(Bytes)] |= one_at(size % sizeof(Bytes));
  const Bytes length = last_eight((size_ + size) * 8);
  if (size + 1 + sizeof(std::uint64_t) > kBlock) {
    compress(end.data());
    end = {};
  }
  end.back() |= length;
  compress(end.data());
}

Sha256::Digest Sha256::digest() const {
  Digest digest;
  for (std::size_t at = 0; at < words_.size(); at += 4) {
    const Bytes bytes = big_endian(load_vector<Words>(words_.data() + at));
    std::memcpy(digest.data() + 4 * at, &bytes, sizeof(bytes));
  }
  return digest;
}

void Sha256::append_hex(std::string& out) const {
  std::array<Bytes, 2 * kDigest / sizeof(Bytes)> text;
  for (std::size_t half = 0; half < 2; ++half) {
    const Bytes bytes = big_endian(load_vector<Words>(words_.data() + 4 * half));
    const Bytes high = bytes >> 4;
    const Bytes low = bytes & 0xF;
    text[2 * half] =
        hex_digits(__builtin_shufflevector(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23));
    text[2 * half + 1] =
        hex_digits(__builtin_shufflevector(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31));
  }
  out.append(reinterpret_cast<const char*>(text.data()), sizeof(text));
}

}  // namespace weir::plugins
