#include "json/number.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

namespace weir::host::json {
namespace {

std::string typed(std::string_view text) {
  weir_value value;
  if (!number_value(text, value)) return "beyond";
  switch (value.type) {
    case WEIR_INT:
      return "int " + std::to_string(value.as.i);
    case WEIR_UINT:
      return "uint " + std::to_string(value.as.u);
    default:
      return std::signbit(value.as.d) ? "double -" : "double +";
  }
}

}  // namespace

TEST_CASE("an integer is handed out exactly as long as 64 bits hold it") {
  CHECK(typed("0") == "int 0");
  CHECK(typed("-9223372036854775808") == "int -9223372036854775808");
  CHECK(typed("9223372036854775807") == "int 9223372036854775807");
  CHECK(typed("9223372036854775808") == "uint 9223372036854775808");
  CHECK(typed("18446744073709551615") == "uint 18446744073709551615");
  CHECK(typed("18446744073709551616") == "double +");
  CHECK(typed("-9223372036854775809") == "double -");
  CHECK(typed("-0") == "double -");
  CHECK(typed("1.0") == "double +");
  CHECK(typed("1e2") == "double +");
}

TEST_CASE("a number beyond the doubles cannot be used, one too small for them is nothing") {
  CHECK(typed("1e400") == "beyond");
  CHECK(typed("-1e400") == "beyond");
  CHECK(typed("1" + std::string(400, '0')) == "beyond");
  CHECK(typed("0." + std::string(400, '0') + "1e800") == "beyond");
  CHECK(typed("1e-400") == "double +");
  CHECK(typed("-1e-400") == "double -");
  CHECK(typed("0e999999999999999999999") == "double +");
  CHECK(is_finite_number("1.7976931348623157e308"));
  CHECK_FALSE(is_finite_number("1.8e308"));
}

TEST_CASE("numbers compare by value, whatever their length and form") {
  CHECK(compare_numbers("1", "1.0") == 0);
  CHECK(compare_numbers("1", "1e0") == 0);
  CHECK(compare_numbers("100", "1e2") == 0);
  CHECK(compare_numbers("0.001", "1E-3") == 0);
  CHECK(compare_numbers("-0", "0.0e7") == 0);
  CHECK(compare_numbers("12.50", "1.25e+1") == 0);
  CHECK(compare_numbers("9007199254740993", "9007199254740992") > 0);
  CHECK(compare_numbers("9007199254740993", "9007199254740993.0") == 0);
  CHECK(compare_numbers("123456789012345678901234567890", "123456789012345678901234567891") < 0);
  CHECK(compare_numbers("-2", "1") < 0);
  CHECK(compare_numbers("-2", "-1") < 0);
  CHECK(compare_numbers("2", "10") < 0);
  CHECK(compare_numbers("0", "1e-300") < 0);
  CHECK(compare_numbers("0", "-1e-300") > 0);
  CHECK(compare_numbers("0.1", "0.09999") > 0);
  CHECK(compare_numbers("1e999999999999999999999", "1e400") > 0);
}

}  // namespace weir::host::json
