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

[[nodiscard]] inline bool equal_bytes(const char* a, const char* b, std::size_t size) {
  for (; size > 16; size -= 16, a += 16, b += 16) {
    if (detail::mask(_mm_cmpeq_epi8(detail::load(a), detail::load(b))) != 0xffff) return false;
  }
  const std::uint32_t asked = (std::uint32_t{1} << size) - 1;
  return (detail::mask(_mm_cmpeq_epi8(detail::load(a), detail::load(b))) & asked) == asked;
}

#else

[[nodiscard]] inline const char* find_backslash(const char* at, const char* end) {
  const void* const found = at == end ? nullptr : std::memchr(at, '\\', static_cast<std::size_t>(end - at));
  return found == nullptr ? end : static_cast<const char*>(found);
}

[[nodiscard]] inline bool equal_bytes(const char* a, const char* b, std::size_t size) {
  return std::memcmp(a, b, size) == 0;
}

#endif

}  // namespace weir::host::json
