#include <catch2/catch.hpp>

#include "nodes.h"
#include "spec/scalar.h"

namespace weir::host::spec {

TEST_CASE("plain scalars follow JSON and quoted ones are texts") {
  CHECK(scalar_type(plain("null")) == ScalarType::null);
  CHECK(scalar_type(plain("")) == ScalarType::null);
  CHECK(scalar_type(plain("true")) == ScalarType::boolean);
  CHECK(scalar_type(plain("false")) == ScalarType::boolean);
  for (const char* number :
       {"0", "-0", "1", "-12", "1.5", "1e5", "1E+5", "1.5e-10", "123456789012345678901234567890"}) {
    CHECK(scalar_type(plain(number)) == ScalarType::number);
  }
  for (const char* word : {"~",  "Null", "yes",   "no", "on", "True", "FALSE", "01", "+1",         ".5",
                           "1.", "0x10", "1_000", "1e", "-",  ".inf", ".nan",  "1 ", "2024-01-01", "12:30"}) {
    CHECK(scalar_type(plain(word)) == ScalarType::text);
  }
  for (const char* quoted : {"", "null", "true", "1"}) CHECK(scalar_type(text(quoted)) == ScalarType::text);
}

TEST_CASE("numbers have the smallest type that holds them and keep their text") {
  CHECK(number_value("-9223372036854775808").integer == INT64_MIN);
  CHECK(number_value("9223372036854775807").type == WEIR_INT);
  CHECK(number_value("9223372036854775808").type == WEIR_UINT);
  CHECK(number_value("18446744073709551615").uinteger == UINT64_MAX);
  const Value large = number_value("18446744073709551616");
  CHECK(large.type == WEIR_DOUBLE);
  CHECK(large.text == "18446744073709551616");
  CHECK(number_value("-0").type == WEIR_DOUBLE);
  CHECK(number_value("1.0").type == WEIR_DOUBLE);
  CHECK(number_value("1.50").text == "1.50");
}

TEST_CASE("durations are whole numbers with a unit") {
  CHECK(parse_duration("250ms") == 250);
  CHECK(parse_duration("10s") == 10'000);
  CHECK(parse_duration("5m") == 300'000);
  CHECK(parse_duration("1h") == 3'600'000);
  CHECK(parse_duration("30d") == 2'592'000'000);
  CHECK(parse_duration("0") == 0);
  CHECK(parse_duration("0s") == 0);
  for (const char* bad : {"", "5", "s", "5 s", "5S", "5min", "-5s", "+5s", "1.5h", "1h30m", "5us", "106751991168d",
                          "99999999999999999999s"}) {
    CHECK_FALSE(parse_duration(bad).has_value());
  }
  CHECK(parse_duration("106751991167d").has_value());
}

TEST_CASE("sizes are whole numbers with a unit by 1000 or 1024") {
  CHECK(parse_size("512B") == 512);
  CHECK(parse_size("10kB") == 10'000);
  CHECK(parse_size("10KB") == 10'000);
  CHECK(parse_size("10MB") == 10'000'000);
  CHECK(parse_size("1KiB") == 1024);
  CHECK(parse_size("64MiB") == 67'108'864);
  CHECK(parse_size("2GiB") == 2'147'483'648);
  CHECK(parse_size("1TiB") == 1'099'511'627'776);
  CHECK(parse_size("0") == 0);
  for (const char* bad : {"", "64", "64M", "64Mi", "64mib", "64 MiB", "1.5GiB", "-1B", "8388608TiB"})
    CHECK_FALSE(parse_size(bad).has_value());
}

TEST_CASE("topics follow Kafka's rule") {
  CHECK(is_topic_name("a"));
  CHECK(is_topic_name("Orders_1.eu-west"));
  CHECK(is_topic_name("..."));
  CHECK(is_topic_name(std::string(249, 't')));
  for (const std::string& bad : {std::string(), std::string("."), std::string(".."), std::string("a b"),
                                 std::string("a/b"), std::string("\xC3\xA4"), std::string(250, 't')}) {
    CHECK_FALSE(is_topic_name(bad));
  }
}

}  // namespace weir::host::spec
