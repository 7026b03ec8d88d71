#include "rename.cpp"

#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Transform<Rename>;

std::string config_of(const std::string& from, const std::string& to) {
  return R"({"from":")" + from + R"(","to":")" + to + R"("})";
}

std::string renamed(const std::string& from, const std::string& to, std::string_view value) {
  Runner rename(config_of(from, to));
  const auto out = rename.run(value);
  return out.failed() ? "failed" : out.value();
}

std::string refusal(const std::string& from, const std::string& to) {
  try {
    Runner rename(config_of(from, to));
  } catch (const ConfigError& error) {
    return error.pointer();
  }
  return "taken";
}

TEST_CASE("within one object only the name changes, in place") {
  CHECK(renamed("a", "b", R"({ "x":1, "a" : 1.50e0 , "y":2 })") == R"({ "x":1, "b" : 1.50e0 , "y":2 })");
  CHECK(renamed("u.customerid", "u.customer_id", R"({"u":{"customerid":"7","z":1}})") ==
        R"({"u":{"customer_id":"7","z":1}})");
}

TEST_CASE("elsewhere the field goes last into its new object") {
  CHECK(renamed("a", "o.b", R"({"a":{"x": 1},"o":{"c":2},"z":3})") == R"({"o":{"c":2,"b":{"x": 1}},"z":3})");
  CHECK(renamed("a", "o.p.b", R"({"a":1})") == R"({"o":{"p":{"b":1}}})");
  CHECK(renamed("o.b", "b", R"({"o":{"b":[1, 2]}})") == R"({"o":{},"b":[1, 2]})");
}

TEST_CASE("what stood at the target is replaced") {
  CHECK(renamed("a", "b", R"({"a":1,"b":2,"c":3})") == R"({"b":1,"c":3})");
  CHECK(renamed("a", "o.b", R"({"a":1,"o":{"b":[2],"c":3}})") == R"({"o":{"b":1,"c":3}})");
}

TEST_CASE("null is moved, what is missing is no error") {
  CHECK(renamed("a", "b", R"({"a":null})") == R"({"b":null})");
  CHECK(renamed("a", "b", R"({ "b" : 1 })") == R"({ "b" : 1 })");
  CHECK(renamed("a.x", "b", R"({"a":1})") == R"({"a":1})");
  CHECK(renamed("a", "b", "[ 1 ]") == "[ 1 ]");
}

TEST_CASE("a target through a scalar and what is not JSON fail") {
  CHECK(renamed("a", "b.c", R"({"a":1,"b":2})") == "failed");
  CHECK(renamed("a", "b", "{") == "failed");
}

TEST_CASE("null values pass") {
  Runner rename(config_of("a", "b"));
  CHECK(rename.run(testing::Message{.key = "k"}).only().key == "k");
}

TEST_CASE("paths that name several places, or a field inside itself, are refused") {
  CHECK(refusal("a.*", "b") == "from");
  CHECK(refusal("a", "b[*]") == "to");
  CHECK(refusal("a", "a") == "to");
  CHECK(refusal("a", "a.b") == "to");
  CHECK(refusal("a", "a[0]") == "to");
  CHECK(refusal("a", "ab") == "taken");
  CHECK(refusal("a.b", "a") == "taken");
}

}  // namespace
}  // namespace weir::plugins
