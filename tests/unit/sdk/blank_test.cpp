#include "blank.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace {

using weir::testing::Message;
using weir::testing::Transform;

TEST_CASE("the shown class replaces its field and nothing else") {
  Transform<Blank> blank(R"({"field": "user.email"})");
  CHECK(blank.run(R"({"user":{ "email":"x","n":12345678901234567890123}, "f":1.50})").value() ==
        R"({"user":{ "email":"***","n":12345678901234567890123}, "f":1.50})");
  CHECK(blank.run(R"({"user":{"email":7}})").value() == R"({"user":{"email":7}})");
}

TEST_CASE("broken JSON fails that record only") {
  Transform<Blank> blank(R"({"field": "a", "replacement": "-"})");
  const auto outcome = blank.run({Message{.value = "{"}, Message{.value = R"({"a":"x"})"}});
  CHECK(outcome.reason() == "not JSON");
  CHECK(outcome.value() == R"({"a":"-"})");
}

TEST_CASE("the shown plugin exports its component") {
  CHECK(weir_plugin_v0.struct_size == sizeof(weir_plugin));
  CHECK(weir_plugin_v0.minor == WEIR_ABI_TARGET);
  REQUIRE(weir_plugin_v0.component_count == 1);
  CHECK(weir_plugin_v0.components[0]->name == std::string_view("blank"));
}

}  // namespace
