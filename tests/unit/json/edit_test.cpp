#include <catch2/catch.hpp>
#include <limits>

#include "fixture.h"

namespace weir::host::json::test {
namespace {

std::string removed(std::string_view json, std::string_view path) {
  OneRecord one(json);
  const PlanPath& at = one.path(path);
  const weir_status status = one.document().remove(at);
  return status == WEIR_OK ? one.bytes() : status == WEIR_NOT_FOUND ? "missing" : one.document().last_reason();
}

std::string set(std::string_view json, std::string_view path, std::string_view value) {
  OneRecord one(json);
  const PlanPath& at = one.path(path);
  const weir_status status = one.document().set_json(at, bytes_of(value));
  if (status != WEIR_OK) CHECK(one.bytes() == json);
  return status == WEIR_OK ? one.bytes() : status == WEIR_NOT_FOUND ? "missing" : one.document().last_reason();
}

std::string moved(std::string_view json, std::string_view from, std::string_view to) {
  OneRecord one(json);
  const PlanPath& source = one.path(from);
  const PlanPath& target = one.path(to);
  const weir_status status = one.document().move(source, target);
  if (status != WEIR_OK) CHECK(one.bytes() == json);
  return status == WEIR_OK ? one.bytes() : status == WEIR_NOT_FOUND ? "missing" : one.document().last_reason();
}

constexpr const char* kNoWay = "the path leads through a value that has no such members";

}  // namespace

TEST_CASE("what nobody edited keeps its very bytes") {
  constexpr std::string_view kJson = " {\"a\" : 1 } \n";
  OneRecord one(kJson);
  const char* const before = one.record().value().ptr;
  one.path("a");
  CHECK(one.open() == WEIR_OK);
  CHECK(one.bytes() == kJson);
  CHECK(one.record().value().ptr == before);
}

TEST_CASE("a text that grows far beyond what it was is written whole") {
  const std::string longer = '"' + std::string(3000, 'x') + '"';
  OneRecord one(R"({ "a" : 1 , "o" : { "b" : "y" , "c" : [2] } , "d" : null })");
  const PlanPath* const paths[] = {&one.path("a"), &one.path("o.b"), &one.path("d")};
  for (const PlanPath* path : paths) CHECK(one.document().set_json(*path, bytes_of(longer)) == WEIR_OK);
  CHECK(one.bytes() ==
        R"({ "a" : )" + longer + R"( , "o" : { "b" : )" + longer + R"( , "c" : [2] } , "d" : )" + longer + " }");
}

TEST_CASE("a replaced member beside one that was removed, and one that came for one that went") {
  OneRecord one(R"({ "a" : 1 , "b" : 2 , "c" : 3 })");
  const PlanPath& a = one.path("a");
  const PlanPath& b = one.path("b");
  const PlanPath& d = one.path("d");
  const PlanPath& e = one.path("e");
  CHECK(one.document().set_json(a, bytes_of("\"new\"")) == WEIR_OK);
  CHECK(one.document().remove(b) == WEIR_OK);
  CHECK(one.bytes() == R"({ "a" : "new" , "c" : 3 })");
  CHECK(one.document().set_json(d, bytes_of("4")) == WEIR_OK);  // as many members as at first
  CHECK(one.bytes() == R"({ "a" : "new" , "c" : 3,"d":4 })");
  CHECK(one.document().remove(d) == WEIR_OK);
  CHECK(one.document().set_json(e, bytes_of("\"\"")) == WEIR_OK);
  CHECK(one.bytes() == R"({ "a" : "new" , "c" : 3,"e":"" })");
}

TEST_CASE("a removed member is cut from its first byte to the next member's") {
  CHECK(removed(R"({ "a" : 1 ,  "b":2 , "c":3 })", "a") == R"({ "b":2 , "c":3 })");
  CHECK(removed(R"({ "a" : 1 ,  "b":2 , "c":3 })", "b") == R"({ "a" : 1 ,  "c":3 })");
}

TEST_CASE("the last member is cut from the end of the value before it") {
  CHECK(removed(R"({ "a" : 1 ,  "b":2 , "c":3 })", "c") == R"({ "a" : 1 ,  "b":2 })");
}

TEST_CASE("a sole member leaves the white space around it") {
  CHECK(removed("{ \"a\":1\n}", "a") == "{ \n}");
  CHECK(removed(R"({"l":[ 1 ]})", "l[0]") == R"({"l":[  ]})");
}

TEST_CASE("array elements are cut like members") {
  CHECK(removed(R"({"l":[ 1 , 2 , 3 ]})", "l[0]") == R"({"l":[ 2 , 3 ]})");
  CHECK(removed(R"({"l":[ 1 , 2 , 3 ]})", "l[2]") == R"({"l":[ 1 , 2 ]})");
  CHECK(removed(R"({"l":[ 1 , 2 , 3 ]})", "l[*]") == R"({"l":[  ]})");
  CHECK(removed(R"({"l":[{"x":1,"y":2},{"x":3}]})", "l[*].x") == R"({"l":[{"y":2},{}]})");
}

TEST_CASE("removing several neighbours is removing one after the other, in any order") {
  const std::vector<std::vector<std::string>> orders{
      {"c", "d", "b"}, {"d", "c", "b"}, {"b", "c", "d"}, {"d", "b", "c"}};
  for (const auto& order : orders) {
    OneRecord one(R"({ "a":1,  "b":2   ,"c":3 ,"d":4     })");
    std::vector<const PlanPath*> paths;
    for (const auto& name : order) paths.push_back(&one.path(name));
    for (const PlanPath* path : paths) REQUIRE(one.document().remove(*path) == WEIR_OK);
    CHECK(one.bytes() == R"({ "a":1     })");
  }
}

TEST_CASE("what is missing cannot be removed, nor can a root") {
  CHECK(removed(R"({"a":1})", "b") == "missing");
  CHECK(removed(R"({"l":[1]})", "l[1]") == "missing");
  CHECK(removed(R"({"a":1})", "") == "a root cannot be removed");
  CHECK(removed(R"({"a":1,"a":2})", "a") == "a name occurs twice in an object");
  CHECK(removed(R"({"a":1e999,"b":"\ud800"})", "*") == "{}");
}

TEST_CASE("a value is replaced where it stands") {
  CHECK(set(R"({ "a" : 1 , "b":2})", "a", R"({"x": [ 1 ]})") == R"({ "a" : {"x": [ 1 ]} , "b":2})");
  CHECK(set(R"({"em\u0061il":"x"})", "email", "null") == R"({"em\u0061il":null})");
  CHECK(set(R"({"a":1})", "a", " [ 2 ] \n") == R"({"a":[ 2 ]})");
  CHECK(set(" 1 ", "", "2") == " 2 ");
}

TEST_CASE("a new member goes right after the last value") {
  CHECK(set(R"({"a" : 1 })", "b", "2") == R"({"a" : 1,"b":2 })");
  CHECK(set("{ }", "b", "2") == R"({"b":2 })");
  CHECK(set("{}", R"(["q\"\n"])", "2") == R"({"q\"\n":2})");
  CHECK(set(R"({"a":{}})", "a.b.c", "2") == R"({"a":{"b":{"c":2}}})");
  CHECK(set(R"({"a":1})", "x.y.z", "2") == R"({"a":1,"x":{"y":{"z":2}}})");
}

TEST_CASE("set does not go through what has no such members") {
  CHECK(set(R"({"a":1})", "a.b", "2") == kNoWay);
  CHECK(set(R"({"a":null})", "a.b", "2") == kNoWay);
  CHECK(set(R"({"a":[]})", "a.b", "2") == kNoWay);
  CHECK(set(R"({"a":{}})", "a[0]", "2") == kNoWay);
  CHECK(set("[1]", "a", "2") == "the root is no object");
  CHECK(set("null", "a", "2") == "the root is no object");
  CHECK(set(R"({"a":"no json"})", "a@json.b", "2") == kNoWay);
}

TEST_CASE("an index past the end, and what could only be made with an array, is left alone") {
  CHECK(set(R"({"a":[1]})", "a[1]", "2") == "missing");
  CHECK(set(R"({"a":[1]})", "a[1].b", "2") == "missing");
  CHECK(set(R"({})", "a[0]", "2") == "missing");
  CHECK(set(R"({})", "a@json.b", "2") == "missing");
}

TEST_CASE("only JSON can be set, and no deeper than a document may be") {
  CHECK(set(R"({"a":1})", "a", "1,\"b\":2") == "something after the value");
  CHECK(set(R"({"a":1})", "x.y", "1},\"b\":{\"c\":2") == "something after the value");
  CHECK(set(R"({"a":1})", "a", "") == "empty");
  std::string deep = "1";
  for (int i = 0; i < 63; ++i) deep = "[" + deep + "]";
  CHECK(set(R"({"a":1})", "a", deep) == "{\"a\":" + deep + "}");
  CHECK(set(R"({"a":1})", "a", "[" + deep + "]") == "nested deeper than 64");
  CHECK(set(R"({"a":1})", "b.c", deep) == "nested deeper than 64");
}

TEST_CASE("set with a star makes what is missing at each place before it") {
  CHECK(set(R"({"e":[{"t":1},{},{"t":[2]}]})", "e[*].t", "9") == R"({"e":[{"t":9},{"t":9},{"t":9}]})");
  CHECK(set(R"({"e":[1,2]})", "e[*]", "9") == R"({"e":[9,9]})");
  CHECK(set(R"({"e":[]})", "e[*].t", "9") == "missing");
  CHECK(set(R"({"a":{"t":1},"b":{"t":{"t":2}},"t":3,"c":{}})", "**.t", "9") ==
        R"({"a":{"t":9},"b":{"t":9},"t":9,"c":{}})");
}

TEST_CASE("scalars are written compact, strings with the fewest escapes") {
  const auto written = [](const weir_value& value) {
    OneRecord one("{}");
    const PlanPath& at = one.path("a");
    const weir_status status = one.document().set(at, value);
    return status == WEIR_OK ? one.bytes() : std::to_string(status);
  };
  weir_value value{};
  CHECK(written(value) == R"({"a":null})");
  value.type = WEIR_BOOL;
  value.as.i = 1;
  CHECK(written(value) == R"({"a":true})");
  value.type = WEIR_INT;
  value.as.i = std::numeric_limits<std::int64_t>::min();
  CHECK(written(value) == R"({"a":-9223372036854775808})");
  value.type = WEIR_UINT;
  value.as.u = std::numeric_limits<std::uint64_t>::max();
  CHECK(written(value) == R"({"a":18446744073709551615})");
  value.type = WEIR_DOUBLE;
  value.as.d = 0.1;
  CHECK(written(value) == R"({"a":0.1})");
  value.as.d = 1;
  CHECK(written(value) == R"({"a":1.0})");
  value.as.d = std::numeric_limits<double>::infinity();
  CHECK(written(value) == std::to_string(WEIR_E_USAGE));
  value.type = WEIR_OBJECT;
  CHECK(written(value) == std::to_string(WEIR_E_USAGE));
  CHECK(written(text_value("a/\"\\\b\f\n\r\t\x01\x1f\x7f\xC3\xA9")) ==
        "{\"a\":\"a/\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xC3\xA9\"}");
  CHECK(written(text_value("\xFF")) == std::to_string(WEIR_E_DATA));
}

TEST_CASE("an edit inside a string's JSON leaves the other escapes of the string alone") {
  constexpr std::string_view kJson = R"({"p":" {\u0022a\u0022 :\"x\u002fy\\n\",\"b\":\"\\u00e9\",\"c\":{}} "})";
  CHECK(removed(kJson, "p@json.a") == R"({"p":" {\"b\":\"\\u00e9\",\"c\":{}} "})");
  CHECK(removed(kJson, "p@json.b") == R"({"p":" {\u0022a\u0022 :\"x\u002fy\\n\",\"c\":{}} "})");
  CHECK(set(kJson, "p@json.b", R"("q\"")") == R"({"p":" {\u0022a\u0022 :\"x\u002fy\\n\",\"b\":\"q\\\"\",\"c\":{}} "})");
  CHECK(set(kJson, "p@json.c.d", "1") ==
        R"({"p":" {\u0022a\u0022 :\"x\u002fy\\n\",\"b\":\"\\u00e9\",\"c\":{\"d\":1}} "})");
  CHECK(set(R"({"p":"{\"n\":\"[1,\\u0032]\"}"})", "p@json.n@json[0]", "3") == R"({"p":"{\"n\":\"[3,\\u0032]\"}"})");
}

TEST_CASE("a renamed member changes only its key's text") {
  CHECK(moved(R"({ "a" : 1 , "b":2})", "a", "c") == R"({ "c" : 1 , "b":2})");
  CHECK(moved(R"({ "a" : 1 , "b":2})", "a", "b") == R"({ "b" : 1})");
  CHECK(moved(R"({ "b":2, "a" : 1 })", "a", "b") == R"({ "b" : 1 })");
  CHECK(moved(R"({"u":{"customerid":7,"x":1}})", "u.customerid", "u.customer_id") ==
        R"({"u":{"customer_id":7,"x":1}})");
  CHECK(moved(R"({"\u0061":1})", "a", "a") == R"({"\u0061":1})");
  CHECK(moved(R"({"a":1})", "x", "y") == "missing");
}

TEST_CASE("a member that moves to another object goes to its end, or to its namesake's place") {
  CHECK(moved(R"({"a":1,"o":{"x":2}})", "a", "o.a") == R"({"o":{"x":2,"a":1}})");
  CHECK(moved(R"({"a":1,"o":{"a":5 ,"x":2}})", "a", "o.a") == R"({"o":{"a":1 ,"x":2}})");
  CHECK(moved(R"({"o":{"x":{"y":[ 1 ]}},"z":0})", "o.x.y", "n.m") == R"({"o":{"x":{}},"z":0,"n":{"m":[ 1 ]}})");
  CHECK(moved(R"({"o":{"x":{"y":1}}})", "o.x.y", "o") == R"({"o":1})");
  CHECK(moved(R"({"o":{"x":1}})", "o", "o.x") == "a value cannot be moved into itself");
  CHECK(moved(R"({"a":1,"s":2})", "a", "s.x") == kNoWay);
  CHECK(moved(R"({"a":1,"l":[]})", "a", "l[0]") == "missing");
  CHECK(moved(R"({"l":[1,2],"a":0})", "l[0]", "b") == R"({"l":[2],"a":0,"b":1})");
}

TEST_CASE("move takes paths that name one place") {
  OneRecord one(R"({"a":1})");
  const PlanPath& wild = one.path("*");
  const PlanPath& plain = one.path("b");
  CHECK(one.document().move(wild, plain) == WEIR_E_USAGE);
  CHECK(one.document().move(plain, wild) == WEIR_E_USAGE);
}

TEST_CASE("what was written is read back, on the path itself, above and below it") {
  OneRecord one(R"({"a":{"b":1,"c":2}})");
  const PlanPath& a = one.path("a");
  const PlanPath& b = one.path("a.b");
  const PlanPath& deep = one.path("a.b.d.e");
  Document& document = one.document();
  weir_value value{};
  weir_str json{};
  REQUIRE(document.set_json(b, bytes_of(R"({"d":{"e":"new"}})")) == WEIR_OK);
  REQUIRE(document.get(deep, value) == WEIR_OK);
  CHECK(std::string_view(value.as.s.ptr, value.as.s.len) == "new");
  REQUIRE(document.raw(a, json) == WEIR_OK);
  CHECK(view(json) == R"({"b":{"d":{"e":"new"}},"c":2})");
  REQUIRE(document.remove(b) == WEIR_OK);
  CHECK(document.get(b, value) == WEIR_NOT_FOUND);
  CHECK(document.get(deep, value) == WEIR_NOT_FOUND);
  REQUIRE(document.get(a, value) == WEIR_OK);
  CHECK(value.as.count == 1);
  REQUIRE(document.set_json(deep, bytes_of("1")) == WEIR_OK);
  CHECK(one.bytes() == R"({"a":{"c":2,"b":{"d":{"e":1}}}})");
}

TEST_CASE("indexes count what is left after elements were removed") {
  OneRecord one(R"({"l":[{"x":1},{"x":2},{"x":3}],"p":"[{\"x\":\u0031},{\"x\":2}]"})");
  const PlanPath& first = one.path("l[0]");
  const PlanPath& first_x = one.path("l[0].x");
  const PlanPath& inside = one.path("p@json[0]");
  const PlanPath& inside_x = one.path("p@json[0].x");
  weir_value value{};
  REQUIRE(one.document().remove(first) == WEIR_OK);
  REQUIRE(one.document().get(first_x, value) == WEIR_OK);
  CHECK(value.as.i == 2);
  REQUIRE(one.document().set_json(first_x, bytes_of("7")) == WEIR_OK);
  REQUIRE(one.document().remove(inside) == WEIR_OK);
  REQUIRE(one.document().get(inside_x, value) == WEIR_OK);
  CHECK(value.as.i == 2);
  CHECK(one.bytes() == R"({"l":[{"x":7},{"x":3}],"p":"[{\"x\":2}]"})");
}

TEST_CASE("duplicates that came with a written value are found as well") {
  OneRecord one(R"({"a":1})");
  const PlanPath& a = one.path("a");
  const PlanPath& x = one.path("a.x");
  weir_value value{};
  REQUIRE(one.document().set_json(a, bytes_of(R"({"x":1,"\u0078":2})")) == WEIR_OK);
  CHECK(one.document().get(x, value) == WEIR_E_DATA);
}

TEST_CASE("views stay valid through any write") {
  OneRecord one(R"({"a":"fir\u0073t","b":"second"})");
  const PlanPath& a = one.path("a");
  const PlanPath& b = one.path("b");
  weir_value first{};
  weir_str raw{};
  REQUIRE(one.document().get(a, first) == WEIR_OK);
  REQUIRE(one.document().raw(b, raw) == WEIR_OK);
  const std::string before = one.bytes();
  for (int i = 0; i < 200; ++i) {
    REQUIRE(one.document().set(a, text_value(std::string(500, 'x'))) == WEIR_OK);
    REQUIRE(one.document().set(b, text_value(std::to_string(i))) == WEIR_OK);
    one.bytes();
  }
  CHECK(std::string_view(first.as.s.ptr, first.as.s.len) == "first");
  CHECK(view(raw) == "\"second\"");
}

}  // namespace weir::host::json::test
