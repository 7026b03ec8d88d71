#include "decimal.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace weir::plugins {
namespace {

constexpr std::int64_t kLargestExponent = std::numeric_limits<std::int64_t>::max() / 2;  // room to add the digits' own

std::int64_t exponent_of(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value > kLargestExponent) value = kLargestExponent;
  return negative ? -value : value;
}

}  // namespace

Decimal Decimal::of(std::string_view json) {
  Decimal number;
  number.negative = json.starts_with('-');
  if (number.negative) json.remove_prefix(1);
  const std::size_t e = json.find_first_of("eE");
  const std::string_view mantissa = json.substr(0, e);
  if (e != std::string_view::npos) number.exponent = exponent_of(json.substr(e + 1));
  const std::size_t point = mantissa.find('.');
  number.digits = mantissa.substr(0, point);
  if (point != std::string_view::npos) {
    number.digits += mantissa.substr(point + 1);
    number.exponent -= static_cast<std::int64_t>(mantissa.size() - point - 1);
  }
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  while (number.digits.ends_with('0')) {
    number.digits.pop_back();
    ++number.exponent;
  }
  if (number.digits.empty()) return {};
  return number;
}

}  // namespace weir::plugins
