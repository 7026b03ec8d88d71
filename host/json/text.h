#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "json/bytes_at_once.h"

/// The lexical rules of RFC 8259: numbers by grammar, strings and their escapes. Pure functions; text is not kept.
namespace weir::host::json {

[[nodiscard]] constexpr bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
/// The end of what stands before `at`; something does.
[[nodiscard]] inline const char* skip_space_before(const char* at) {
  while (is_space(at[-1])) --at;
  return at;
}
/// What may stand right after a number or a literal.
[[nodiscard]] constexpr bool ends_scalar(char c) { return is_space(c) || c == ',' || c == ']' || c == '}' || c == ':'; }

/// The end of the number, `null`, `true` or `false` that begins at `at`; null: there is none. Does not look at what follows it.
/// `at` is before `end`; 64 bytes behind `end` are readable.
[[nodiscard]] inline const char* scalar_end(const char* at, const char* end);
/// The same as scalar_end(at, …) == stop, for whom it is likely. `at` is before `stop`; 64 bytes behind it are readable.
[[nodiscard]] inline bool is_scalar(const char* at, const char* stop);

/// Whether many scalars are `null`, `true` or `false`. Which of them is as good as random, so no branch depends on it.
class Literals {
 public:
  /// `at` and `stop`: as of is_scalar().
  void add(const char* at, const char* stop);
  [[nodiscard]] bool all() const { return good_ && sizes_ < 8; }

 private:
  bool good_ = true;
  std::size_t sizes_ = 0;  // all bits that were set in one
};

/// Whether many scalars are numbers of one to sixteen digits, no zero first, and nothing else. No branch depends on any.
class ShortIntegers {
 public:
  void add(const char* at, const char* stop);
  [[nodiscard]] bool all() const { return others_ == 0 && sizes_ < 32; }

 private:
  std::uint32_t others_ = 0;
  std::uint32_t sizes_ = 0;  // all bits that were set in one
};

/// The same of numbers with a point between their digits, of at most sixteen bytes.
class ShortDecimals {
 public:
  void add(const char* at, const char* stop);
  [[nodiscard]] bool all() const { return others_ == 0 && sizes_ < 32; }

 private:
  std::uint32_t others_ = 0;
  std::uint32_t sizes_ = 0;
};

/// `inside`: what lies between the quotes. False: a backslash that begins no escape of RFC 8259 section 7.
[[nodiscard]] bool escapes_are_valid(std::string_view inside);

/// ASCII without quotes, backslashes and controls: stands in a string literal as it is. May say no to text that DEL is in.
[[nodiscard]] bool is_plain(std::string_view text);

/// What one piece of a string literal stands for: a byte as it is, an escape, or a pair of surrogate escapes.
struct StringUnit {
  std::uint8_t raw_size = 1;
  std::uint8_t plain_size = 1;
  bool lone_surrogate = false;
};
/// The unit at `at`, written to `out` (up to 4 bytes). A lone surrogate becomes the three bytes its code point would take, which
/// no UTF-8 text holds, so such a key equals no name but itself. Escapes must be valid.
StringUnit read_unit(const char* at, const char* end, char* out);

struct Unescaped {
  std::size_t size = 0;
  bool lone_surrogate = false;
};
/// Unescapes into `out`, which has room for inside.size() bytes.
Unescaped unescape(std::string_view inside, char* out);

/// The escape that a written string needs for this byte, or an empty view: only `"`, `\` and controls (design section 3).
[[nodiscard]] std::string_view escape_of(unsigned char byte);
/// Bytes that `text` takes as a string literal, with its quotes.
[[nodiscard]] std::size_t literal_size(std::string_view text);
/// Writes the literal, literal_size() bytes; returns its end.
char* write_literal(std::string_view text, char* out);

namespace detail {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline const char* skip_digits(const char* at, const char* end) {
  while (at != end && is_digit(*at)) ++at;
  return at;
}

inline const char* literal_end(const char* at, const char* end, std::string_view literal) {
  if (std::memcmp(at, literal.data(), literal.size()) != 0) return nullptr;
  at += literal.size();
  return at <= end ? at : nullptr;
}

inline const char* number_end(const char* at, const char* end) {
  if (*at == '-') ++at;
  if (at == end || !is_digit(*at)) return nullptr;
  at = *at == '0' ? at + 1 : skip_digits(at, end);
  if (at != end && *at == '.') {
    const char* const fraction = at + 1;
    at = skip_digits(fraction, end);
    if (at == fraction) return nullptr;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    const char* const exponent = at;
    at = skip_digits(exponent, end);
    if (at == exponent) return nullptr;
  }
  return at;
}

/// `null`, `true` or `false`. Which of them is as good as random, so no branch is to depend on it.
inline bool is_literal(const char* at, std::size_t size) {
  const auto begins = [at](const char* word) { return static_cast<unsigned>(std::memcmp(at, word, 4) == 0); };
  const unsigned four = begins("true") | begins("null");
  const unsigned five = begins("fals") & static_cast<unsigned>(at[4] == 'e');
  return (four & static_cast<unsigned>(size == 4)) + (five & static_cast<unsigned>(size == 5)) != 0;
}

/// A number of at most 32 bytes; `at` is behind its sign. What is no digit is found at once and looked at one by one.
inline bool is_short_number(const char* at, std::size_t size) {
  std::uint32_t others = ~digit_bits(at) & static_cast<std::uint32_t>((std::uint64_t{1} << size) - 1);
  const auto next_other = [&others] { return static_cast<std::size_t>(std::countr_zero(others)); };
  std::size_t last = others == 0 ? size : next_other();
  if (last == 0 || (*at == '0' && last > 1)) return false;
  if (others == 0) return true;
  if (at[last] == '.') {
    others &= others - 1;
    if (others == 0) return last + 1 < size;
    if (next_other() == last + 1) return false;
    last = next_other();
  }
  if (at[last] != 'e' && at[last] != 'E') return false;
  others &= others - 1;
  if (others != 0 && next_other() == last + 1 && (at[last + 1] == '+' || at[last + 1] == '-')) {
    others &= others - 1;
    ++last;
  }
  return others == 0 && last + 1 < size;
}

}  // namespace detail

inline void Literals::add(const char* at, const char* stop) {
  static_assert(std::endian::native == std::endian::little);
  const auto size = static_cast<std::size_t>(stop - at);
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  bytes <<= (64 - 8 * size) & 63;
  const auto is = [bytes](std::uint64_t word, unsigned letters) {
    return static_cast<unsigned>(bytes == word << (64 - 8 * letters));
  };
  good_ &= (is(0x65757274, 4) | is(0x6c6c756e, 4) | is(0x65736c6166, 5)) != 0;  // true, null, false
  sizes_ |= size;
}

namespace detail {

/// The bits of the `size` bytes before `stop`, the last on top. Less than 32 bytes.
inline std::uint32_t up_to_stop(std::uint32_t bits, std::uint32_t size) { return bits << (-size & 31); }

}  // namespace detail

inline void ShortIntegers::add(const char* at, const char* stop) {
  const auto size = static_cast<std::uint32_t>(stop - at);
  others_ |= detail::up_to_stop(~digit_bits_16(at), size) | static_cast<std::uint32_t>(*at == '0');
  sizes_ |= size;
}

inline void ShortDecimals::add(const char* at, const char* stop) {
  constexpr std::uint32_t kLast = 1U << 31;
  const auto size = static_cast<std::uint32_t>(stop - at);
  const std::uint32_t points = byte_bits_16(at, '.');
  const std::uint32_t others = detail::up_to_stop(~digit_bits_16(at), size);
  others_ |= others ^ detail::up_to_stop(points, size);  // neither digit nor point
  others_ |= (others & (others - 1)) | (others & kLast) | static_cast<std::uint32_t>(others == 0);
  others_ |= (points & 1) | static_cast<std::uint32_t>(*at == '0');
  sizes_ |= size;
}

inline bool is_scalar(const char* at, const char* stop) {
  const auto size = static_cast<std::size_t>(stop - at);
  if (*at >= 'a') return detail::is_literal(at, size);
  const std::size_t sign = *at == '-' ? 1 : 0;
  return size <= 32 ? detail::is_short_number(at + sign, size - sign) : detail::number_end(at, stop) == stop;
}

inline const char* scalar_end(const char* at, const char* end) {
  switch (*at) {
    case 'n':
      return detail::literal_end(at, end, "null");
    case 't':
      return detail::literal_end(at, end, "true");
    case 'f':
      return detail::literal_end(at, end, "false");
    default:
      return detail::number_end(at, end);
  }
}

}  // namespace weir::host::json
