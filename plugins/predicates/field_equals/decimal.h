#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::plugins {

/// A number by its value, exact at any length: 1, 1.0 and 10e-1 are equal, 2^53 and 2^53 + 1 are not.
struct Decimal {
  bool negative = false;
  std::string digits;         // without zeros at either end; empty: zero
  std::int64_t exponent = 0;  // of ten, of the last digit
  bool operator==(const Decimal&) const = default;

  /// `json`: a JSON number. Exponents beyond 64 bits are taken as the largest there is.
  static Decimal of(std::string_view json);
};

}  // namespace weir::plugins
