#include "json/number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace weir::host::json {
namespace {

/// A number taken apart: its digits are `whole` then `fraction`, the first of them that counts has the weight 10^magnitude.
struct Decimal {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::size_t first = 0;  // of the digits that count
  std::size_t size = 0;   // of all digits
  std::int64_t magnitude = 0;

  [[nodiscard]] bool zero() const { return first == size; }
  [[nodiscard]] char digit(std::size_t at) const {
    if (at >= size) return '0';
    return at < whole.size() ? whole[at] : fraction[at - whole.size()];
  }
};

/// Larger exponents are cut: no number that memory can hold brings them back into the range of doubles.
constexpr std::int64_t kMaxExponent = 1'000'000'000'000'000'000;

std::int64_t exponent_of(std::string_view text) {
  if (text.empty()) return 0;
  const bool negative = text[0] == '-';
  if (text[0] == '-' || text[0] == '+') text.remove_prefix(1);
  std::int64_t value = 0;
  for (const char c : text) {
    value = value * 10 + (c - '0');
    if (value > kMaxExponent / 10) {
      value = kMaxExponent / 10;
      break;
    }
  }
  return negative ? -value : value;
}

Decimal take_apart(std::string_view text) {
  Decimal number;
  if (text[0] == '-') {
    number.negative = true;
    text.remove_prefix(1);
  }
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  const std::int64_t exponent = exponent_of(text.substr(std::min(e + 1, text.size())));
  text = text.substr(0, e);
  const std::size_t point = std::min(text.find('.'), text.size());
  number.whole = text.substr(0, point);
  number.fraction = text.substr(std::min(point + 1, text.size()));
  number.size = number.whole.size() + number.fraction.size();
  while (number.first < number.size && number.digit(number.first) == '0') ++number.first;
  number.magnitude =
      exponent + static_cast<std::int64_t>(number.whole.size()) - 1 - static_cast<std::int64_t>(number.first);
  return number;
}

int compare_magnitudes(const Decimal& a, const Decimal& b) {
  if (a.zero() || b.zero()) return static_cast<int>(b.zero()) - static_cast<int>(a.zero());
  if (a.magnitude != b.magnitude) return a.magnitude < b.magnitude ? -1 : 1;
  const std::size_t count = std::max(a.size - a.first, b.size - b.first);
  for (std::size_t i = 0; i < count; ++i) {
    const char left = a.digit(a.first + i);
    const char right = b.digit(b.first + i);
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

bool double_value(std::string_view text, double& out) {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  if (result.ec == std::errc()) return true;
  const Decimal number = take_apart(text);
  if (number.magnitude > 0 && !number.zero()) return false;
  out = number.negative ? -0.0 : 0.0;  // too small for a double: finite, and next to nothing
  return true;
}

/// The common case: an integer of at most 18 digits.
bool is_small(std::string_view text, std::int64_t& value) {
  const bool negative = text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.size() > 18) return false;
  value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  if (negative) value = -value;
  return true;
}

bool is_integer(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c == '.' || (c | 0x20) == 'e'; });
}

}  // namespace

bool number_value(std::string_view text, weir_value& out) {
  out = weir_value{};
  const char* const end = text.data() + text.size();
  if (is_integer(text) && text != "-0") {
    out.type = WEIR_INT;
    if (std::from_chars(text.data(), end, out.as.i).ec == std::errc()) return true;
    out.type = WEIR_UINT;
    if (text[0] != '-' && std::from_chars(text.data(), end, out.as.u).ec == std::errc()) return true;
  }
  out.type = WEIR_DOUBLE;
  return double_value(text, out.as.d);
}

bool is_finite_number(std::string_view text) {
  if (text.size() < 300 && is_integer(text)) return true;
  double value = 0;
  return double_value(text, value);
}

int compare_numbers(std::string_view a, std::string_view b) {
  std::int64_t small_a = 0;
  std::int64_t small_b = 0;
  if (is_small(a, small_a) && is_small(b, small_b)) return small_a < small_b ? -1 : static_cast<int>(small_a > small_b);
  const Decimal left = take_apart(a);
  const Decimal right = take_apart(b);
  const bool left_negative = left.negative && !left.zero();
  const bool right_negative = right.negative && !right.zero();
  if (left_negative != right_negative) return left_negative ? -1 : 1;
  const int result = compare_magnitudes(left, right);
  return left_negative ? -result : result;
}

}  // namespace weir::host::json
