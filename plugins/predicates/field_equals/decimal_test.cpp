#include "decimal.h"

#include <catch2/catch.hpp>

namespace weir::plugins {
namespace {

bool same(std::string_view a, std::string_view b) { return Decimal::of(a) == Decimal::of(b); }

TEST_CASE("numbers are equal by value however they are written") {
  CHECK(same("1", "1.0"));
  CHECK(same("1", "10e-1"));
  CHECK(same("1.0e-3", "0.001"));
  CHECK(same("100", "1E+2"));
  CHECK(same("0", "-0.000e5"));
  CHECK(same("123456789012345678901234567890", "1.2345678901234567890123456789e29"));
  CHECK(same("1e400", "10e399"));
}

TEST_CASE("numbers that a double cannot tell apart are not equal") {
  CHECK_FALSE(same("9007199254740992", "9007199254740993"));
  CHECK_FALSE(same("0.1", "0.10000000000000000001"));
  CHECK_FALSE(same("123456789012345678901234567890", "123456789012345678901234567891"));
  CHECK_FALSE(same("1", "-1"));
  CHECK_FALSE(same("1", "10"));
  CHECK_FALSE(same("1e400", "1e401"));
}

TEST_CASE("an exponent beyond 64 bits is still a number") {
  CHECK_FALSE(same("1e99999999999999999999999", "1"));
  CHECK_FALSE(same("1e-99999999999999999999999", "1e99999999999999999999999"));
  CHECK(same("0e99999999999999999999999", "0"));
}

}  // namespace
}  // namespace weir::plugins
