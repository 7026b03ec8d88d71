#pragma once
#include <bit>
#include <cstdint>
#include <cstring>
#if defined(__SSE2__)  // every x86-64 has it
#include <emmintrin.h>
#endif

namespace weir::plugins {

/// Sixteen bytes at once: vectors of the compilers, whose arithmetic and comparisons work lane by lane on every processor. A
/// comparison gives all ones where it holds.
using Bytes = std::uint8_t __attribute__((vector_size(16)));

template <typename Vector = Bytes>
[[nodiscard]] inline Vector load_vector(const void* at) {
  Vector vector;
  std::memcpy(&vector, at, sizeof(vector));
  return vector;
}

/// Bit i: lane i of what a comparison gave holds.
template <typename Comparison>
[[nodiscard]] inline std::uint32_t lanes(Comparison comparison) {
  static_assert(sizeof(comparison) == sizeof(Bytes) && sizeof(comparison[0]) == 1);
#if defined(__SSE2__)
  return static_cast<std::uint32_t>(_mm_movemask_epi8(std::bit_cast<__m128i>(comparison)));
#else
  std::uint32_t bits = 0;
  for (unsigned lane = 0; lane < sizeof(comparison); ++lane) bits |= (comparison[lane] != 0 ? 1U : 0U) << lane;
  return bits;
#endif
}

}  // namespace weir::plugins
