#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)  // every x86-64 has it
#include <emmintrin.h>
#endif

/// Bytes of a text looked at many at once. Up to kBlock bytes from where a call begins are read, whatever its answer.
namespace weir::host::json {

inline constexpr unsigned kBlock = 32;

/// Bit i: the byte i has the property.
struct Block {
  std::uint32_t quotes = 0;
  std::uint32_t odd = 0;  // a backslash, a control character, or not ASCII: what a string may not just be skipped for
};

/// The bits below the lowest one; all, if there is none.
[[nodiscard]] constexpr std::uint32_t below_lowest(std::uint32_t bits) { return ~bits & (bits - 1); }

/// As block_at() and equal_bytes() below, a byte at a time.
[[nodiscard]] inline Block plain_block_at(const char* at) {
  Block block;
  for (unsigned i = 0; i < kBlock; ++i) {
    const auto byte = static_cast<unsigned char>(at[i]);
    block.quotes |= std::uint32_t{byte == '"'} << i;
    block.odd |= std::uint32_t{byte == '\\' || byte < 0x20 || byte >= 0x80} << i;
  }
  return block;
}

#if defined(__SSE2__)

namespace detail {

inline __m128i load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }

inline std::uint32_t mask(__m128i bytes) { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); }

inline std::uint32_t quotes(__m128i bytes) { return mask(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))); }

/// As a signed number a byte that is not ASCII is below the space, like a control character.
inline std::uint32_t odd(__m128i bytes) {
  return mask(
      _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')), _mm_cmplt_epi8(bytes, _mm_set1_epi8(' '))));
}

}  // namespace detail

[[nodiscard]] inline Block block_at(const char* at) {
  const __m128i low = detail::load(at);
  const __m128i high = detail::load(at + 16);
  return {detail::quotes(low) | detail::quotes(high) << 16, detail::odd(low) | detail::odd(high) << 16};
}

[[nodiscard]] inline bool equal_bytes(const char* a, const char* b, std::size_t size) {
  for (; size > 16; size -= 16, a += 16, b += 16) {
    if (detail::mask(_mm_cmpeq_epi8(detail::load(a), detail::load(b))) != 0xffff) return false;
  }
  const std::uint32_t asked = (std::uint32_t{1} << size) - 1;
  return (detail::mask(_mm_cmpeq_epi8(detail::load(a), detail::load(b))) & asked) == asked;
}

#else

[[nodiscard]] inline Block block_at(const char* at) { return plain_block_at(at); }

[[nodiscard]] inline bool equal_bytes(const char* a, const char* b, std::size_t size) {
  return std::memcmp(a, b, size) == 0;
}

#endif

}  // namespace weir::host::json
