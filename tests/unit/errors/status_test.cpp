#include "errors/status.h"

#include <catch2/catch.hpp>

using namespace weir::host;

TEST_CASE("codes from zero up are no errors") {
  CHECK(Status().ok());
  CHECK(Status(WEIR_END, "").ok());
  CHECK_FALSE(Status::retry("later").ok());
  CHECK(Status::fatal("gone").message() == "gone");
}

TEST_CASE("a result holds a value or says why not") {
  const Result<int> good(5);
  REQUIRE(good.ok());
  CHECK(*good == 5);
  CHECK(good.status().ok());
  const Result<int> bad(Status::data("no number"));
  CHECK_FALSE(bad.ok());
  CHECK(bad.status().code() == WEIR_E_DATA);
}

TEST_CASE("codes are named as dead letters name them") {
  CHECK(status_name(WEIR_E_DATA) == "E_DATA");
  CHECK(status_name(WEIR_E_FATAL) == "E_FATAL");
  CHECK(status_name(-99) == "UNKNOWN");
}
