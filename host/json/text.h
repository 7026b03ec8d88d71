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

/// A number of at most 32 digits and a decimal point, without exponent; `at` is behind its sign. False: perhaps another one.
inline bool is_plain_number(const char* at, std::size_t size) {
  if (size > 32) return false;
  const std::uint32_t digits = size <= 16 ? digit_bits_16(at) : digit_bits(at);
  const std::uint32_t others = ~digits & static_cast<std::uint32_t>((std::uint64_t{1} << size) - 1);
  const std::size_t whole = others == 0 ? size : static_cast<std::size_t>(std::countr_zero(others));
  if (whole == 0 || (*at == '0' && whole > 1)) return false;
  return others == 0 || ((others & (others - 1)) == 0 && at[whole] == '.' && whole + 1 < size);
}

}  // namespace detail

inline bool is_scalar(const char* at, const char* stop) {
  const auto size = static_cast<std::size_t>(stop - at);
  if (*at >= 'a') return detail::is_literal(at, size);
  const std::size_t sign = *at == '-' ? 1 : 0;
  return detail::is_plain_number(at + sign, size - sign) || detail::number_end(at, stop) == stop;
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
