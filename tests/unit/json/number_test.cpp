#include "json/number.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "json/text.h"

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

TEST_CASE("a scalar is one by either check, whatever stands there") {
  constexpr std::string_view kBytes = "019-+.eEx \"";
  std::string text(5 + 64, ' ');
  const char* const at = text.data();
  for (std::size_t i = 0; i < 11 * 11 * 11 * 11 * 11; ++i) {
    for (std::size_t k = 0, left = i; k < 5; ++k, left /= 11) text[k] = kBytes[left % 11];
    for (std::size_t size = 1; size <= 5; ++size) {
      if (is_scalar(at, at + size) == (scalar_end(at, at + size) == at + size)) continue;
      FAIL(text.substr(0, size));
    }
  }
  for (const std::string_view word :
       {"null", "true", "false", "nul", "nulx", "nullx", "fals", "falsx", "falsex", "tru", "t"}) {
    text.replace(0, word.size(), word);
    INFO(word);
    CHECK(is_scalar(at, at + word.size()) == (word == "null" || word == "true" || word == "false"));
  }
  for (std::size_t size = 1; size <= 70; ++size) {  // around what is looked at at once
    std::string number(size, '7');
    number.append(64, '0');
    CHECK(is_scalar(number.data(), number.data() + size));
    for (std::size_t dot = 0; dot < size; ++dot) {
      number[dot] = '.';
      CHECK(is_scalar(number.data(), number.data() + size) == (dot > 0 && dot + 1 < size));
      number[dot] = 'x';
      CHECK_FALSE(is_scalar(number.data(), number.data() + size));
      number[dot] = '7';
    }
  }
}

}  // namespace weir::host::json
