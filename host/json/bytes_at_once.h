#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)  // every x86-64 has it
#include <emmintrin.h>
#endif

/// Loops over bytes, sixteen at once where the processor can. Whatever the answer, up to 64 bytes behind the end may be read.
namespace weir::host::json {

#if defined(__SSE2__)

namespace detail {

inline __m128i load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }
/// Bit i: the byte i is all ones.
inline std::uint32_t mask(__m128i bytes) { return static_cast<std::uint32_t>(_mm_movemask_epi8(bytes)); }

}  // namespace detail

/// The first backslash; `end`: there is none.
[[nodiscard]] inline const char* find_backslash(const char* at, const char* end) {
  const __m128i backslash = _mm_set1_epi8('\\');
  for (; at < end; at += 32) {
    const std::uint32_t low = detail::mask(_mm_cmpeq_epi8(detail::load(at), backslash));
    const std::uint32_t found = low | detail::mask(_mm_cmpeq_epi8(detail::load(at + 16), backslash)) << 16;
    if (found == 0) continue;
    at += std::countr_zero(found);
    break;
  }
  return at < end ? at : end;
}

/// Bit i: the bytes i are the same, of 32.
[[nodiscard]] inline std::uint32_t equal_bits(const char* a, const char* b) {
  const std::uint32_t low = detail::mask(_mm_cmpeq_epi8(detail::load(a), detail::load(b)));
  return low | detail::mask(_mm_cmpeq_epi8(detail::load(a + 16), detail::load(b + 16))) << 16;
}

/// Behind the digits that stand there.
[[nodiscard]] inline const char* skip_digits(const char* at, const char* end) {
  for (; at < end; at += 16) {
    const __m128i value = _mm_sub_epi8(detail::load(at), _mm_set1_epi8('0'));
    const std::uint32_t digits = detail::mask(_mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value));
    if (digits == 0xffff) continue;
    at += std::countr_one(digits);
    break;
  }
  return at < end ? at : end;
}

#else

[[nodiscard]] inline const char* find_backslash(const char* at, const char* end) {
  const void* const found = at == end ? nullptr : std::memchr(at, '\\', static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

[[nodiscard]] inline std::uint32_t equal_bits(const char* a, const char* b) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 32; ++i) bits |= std::uint32_t{a[i] == b[i]} << i;
  return bits;
}

[[nodiscard]] inline const char* skip_digits(const char* at, const char* end) {
  while (at < end && *at >= '0' && *at <= '9') ++at;
  return at;
}

#endif

}  // namespace weir::host::json
