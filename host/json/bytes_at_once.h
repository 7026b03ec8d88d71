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

/// Bit i: the byte i is a backslash, of 64.
[[nodiscard]] inline std::uint64_t backslash_bits(const char* at) {
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i a = _mm_cmpeq_epi8(detail::load(at), backslash);
  const __m128i b = _mm_cmpeq_epi8(detail::load(at + 16), backslash);
  const __m128i c = _mm_cmpeq_epi8(detail::load(at + 32), backslash);
  const __m128i d = _mm_cmpeq_epi8(detail::load(at + 48), backslash);
  if (detail::mask(_mm_or_si128(_mm_or_si128(a, b), _mm_or_si128(c, d))) == 0) return 0;
  const std::uint64_t low = detail::mask(a) | detail::mask(b) << 16;
  const std::uint64_t high = detail::mask(c) | detail::mask(d) << 16;
  return low | high << 32;
}

/// Bit i: the bytes i are the same, of 32.
[[nodiscard]] inline std::uint32_t equal_bits(const char* a, const char* b) {
  const std::uint32_t low = detail::mask(_mm_cmpeq_epi8(detail::load(a), detail::load(b)));
  return low | detail::mask(_mm_cmpeq_epi8(detail::load(a + 16), detail::load(b + 16))) << 16;
}

/// Whether bytes are as they should be, of many places in turn.
class Difference {
 public:
  /// Sixteen bytes, of which only those count whose mask is all ones. `wanted` and `mask` are aligned to them.
  void add(const char* at, const char* wanted, const char* mask) {
    const __m128i different = _mm_xor_si128(detail::load(at), *reinterpret_cast<const __m128i*>(wanted));
    found_ = _mm_or_si128(found_, _mm_and_si128(different, *reinterpret_cast<const __m128i*>(mask)));
  }
  [[nodiscard]] bool any() const { return detail::mask(_mm_cmpeq_epi8(found_, _mm_setzero_si128())) != 0xffffu; }

 private:
  __m128i found_ = _mm_setzero_si128();
};

namespace detail {

inline std::uint32_t digits(__m128i bytes) {
  const __m128i value = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  return mask(_mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value));
}

}  // namespace detail

/// Bit i: the byte i is a digit, of 16.
[[nodiscard]] inline std::uint32_t digit_bits_16(const char* at) { return detail::digits(detail::load(at)); }
/// Bit i: the byte i is that one, of 16.
[[nodiscard]] inline std::uint32_t byte_bits_16(const char* at, char byte) {
  return detail::mask(_mm_cmpeq_epi8(detail::load(at), _mm_set1_epi8(byte)));
}
/// Bit i: the byte i is a digit, of 32.
[[nodiscard]] inline std::uint32_t digit_bits(const char* at) {
  return detail::digits(detail::load(at)) | detail::digits(detail::load(at + 16)) << 16;
}

#else

[[nodiscard]] inline std::uint64_t backslash_bits(const char* at) {
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < 64; ++i) bits |= std::uint64_t{at[i] == '\\'} << i;
  return bits;
}

[[nodiscard]] inline std::uint32_t equal_bits(const char* a, const char* b) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 32; ++i) bits |= std::uint32_t{a[i] == b[i]} << i;
  return bits;
}

class Difference {
 public:
  void add(const char* at, const char* wanted, const char* mask) {
    for (unsigned i = 0; i < 16; ++i) found_ |= static_cast<unsigned char>((at[i] ^ wanted[i]) & mask[i]);
  }
  [[nodiscard]] bool any() const { return found_ != 0; }

 private:
  unsigned char found_ = 0;
};

[[nodiscard]] inline std::uint32_t byte_bits_16(const char* at, char byte) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 16; ++i) bits |= std::uint32_t{at[i] == byte} << i;
  return bits;
}

[[nodiscard]] inline std::uint32_t digit_bits_16(const char* at) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 16; ++i) bits |= std::uint32_t{at[i] >= '0' && at[i] <= '9'} << i;
  return bits;
}

[[nodiscard]] inline std::uint32_t digit_bits(const char* at) {
  std::uint32_t bits = 0;
  for (unsigned i = 0; i < 32; ++i) bits |= std::uint32_t{at[i] >= '0' && at[i] <= '9'} << i;
  return bits;
}

#endif

}  // namespace weir::host::json
