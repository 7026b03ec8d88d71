#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
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

/// Less than sixteen bytes with zeros behind them; `before`: so many in front of them may be read. Put together in registers, for what is
/// stored in pieces and loaded whole is waited for.
[[nodiscard]] inline Bytes zero_padded(std::string_view text, std::size_t before = 0) {
  __extension__ using Wide = unsigned __int128;
  using Words = std::uint64_t __attribute__((vector_size(sizeof(Bytes))));
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const char* const end = text.data() + text.size();
  const std::size_t bits_over = 8 * (sizeof(Bytes) - text.size());
  if (std::endian::native == std::endian::little && !text.empty() && text.size() + before >= sizeof(Bytes)) {
    const Wide wide = load_vector<Wide>(end - sizeof(Bytes)) >> bits_over;
    return std::bit_cast<Bytes>(Words{static_cast<std::uint64_t>(wide), static_cast<std::uint64_t>(wide >> 64)});
  }
  if (std::endian::native == std::endian::little && text.size() > kWord) {
    const auto last = load_vector<std::uint64_t>(end - kWord) >> bits_over;
    return std::bit_cast<Bytes>(Words{load_vector<std::uint64_t>(text.data()), last});
  }
  std::array<char, sizeof(Bytes)> bytes{};
  for (std::size_t at = 0; at < text.size(); ++at) bytes[at] = text[at];
  return load_vector(bytes.data());
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
