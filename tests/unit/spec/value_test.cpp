#include <catch2/catch.hpp>

#include "nodes.h"
#include "spec/check.h"

namespace weir::host::spec {
namespace {

Value any(const Node& node) {
  Diagnostics diagnostics;
  Field field;
  field.type = WEIR_ANY;
  return Checker("f", "/d", diagnostics).value(field, node);
}

}  // namespace

TEST_CASE("a value is found by its pointer") {
  const Value value =
      any(map({{"rules", list({map({{"a/b", plain("1")}, {"~x", plain("2")}}), plain("3")})}, {"", plain("4")}}));
  CHECK(value.at("") == &value);
  REQUIRE(value.at("rules/0/a~1b") != nullptr);
  CHECK(value.at("rules/0/a~1b")->integer == 1);
  CHECK(value.at("rules/0/~0x")->integer == 2);
  CHECK(value.at("rules/1")->integer == 3);
  for (const char* none : {"rule", "rules/2", "rules/x", "rules/1/0", "rules/-1", "rules/0/a"})
    CHECK(value.at(none) == nullptr);
}

TEST_CASE("JSON is compact, in file order, with numbers as written") {
  const Node node = map({{"z", list({plain("1.50"), plain("1e400"), plain("-0"), plain("18446744073709551616"),
                                     plain("null"), plain("")})},
                         {"a", map({{"t", plain("true")}, {"f", plain("false")}, {"s", plain("x")}, {"n", text("1")}})},
                         {"e", list({})},
                         {"o", map({})}});
  CHECK(
      any(node).json() ==
      R"({"z":[1.50,1e400,-0,18446744073709551616,null,null],"a":{"t":true,"f":false,"s":"x","n":"1"},"e":[],"o":{}})");
}

TEST_CASE("only quotes, backslashes and control characters are escaped") {
  CHECK(any(text("\"\\/\b\f\n\r\t\x01\x1f\x7f\xC3\xA4\xE2\x80\xA8")).json() ==
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xC3\xA4\xE2\x80\xA8\"");
}

}  // namespace weir::host::spec
