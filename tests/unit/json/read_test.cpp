#include <catch2/catch.hpp>

#include "fixture.h"

namespace weir::host::json::test {
namespace {

std::string raw(std::string_view json, std::string_view path, std::uint32_t use = WEIR_READ) {
  OneRecord one(json);
  const PlanPath& at = one.path(path, use);
  weir_str text{};
  const weir_status status = one.document().raw(at, text);
  return status == WEIR_OK          ? std::string(text.ptr, text.len)
         : status == WEIR_NOT_FOUND ? "missing"
                                    : one.document().last_reason();
}

/// The value as get() gives it, in a plain notation.
std::string get(std::string_view json, std::string_view path) {
  OneRecord one(json);
  const PlanPath& at = one.path(path);
  weir_value value{};
  const weir_status status = one.document().get(at, value);
  if (status != WEIR_OK) return status == WEIR_NOT_FOUND ? "missing" : one.document().last_reason();
  switch (value.type) {
    case WEIR_NULL:
      return "null";
    case WEIR_BOOL:
      return value.as.i != 0 ? "true" : "false";
    case WEIR_INT:
      return "int " + std::to_string(value.as.i);
    case WEIR_STRING:
      return "text " + std::string(value.as.s.ptr, value.as.s.len);
    case WEIR_ARRAY:
      return "array " + std::to_string(value.as.count);
    case WEIR_OBJECT:
      return "object " + std::to_string(value.as.count);
    default:
      return "other";
  }
}

std::vector<std::string> matches(std::string_view json, std::string_view path) {
  OneRecord one(json);
  const PlanPath& at = one.path(path);
  std::vector<std::string> found;
  const auto visit = [](void* user, weir_str name, const weir_value* value) {
    std::string line = name.ptr == nullptr ? "-" : std::string(name.ptr, name.len);
    if (value->type == WEIR_INT) line += "=" + std::to_string(value->as.i);
    static_cast<std::vector<std::string>*>(user)->push_back(line);
    return WEIR_OK;
  };
  if (one.document().match(at, visit, &found) == WEIR_E_DATA) found.emplace_back(one.document().last_reason());
  return found;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("null, missing and empty are three things") {
  CHECK(get(R"({"a":null})", "a") == "null");
  CHECK(get(R"({"b":1})", "a") == "missing");
  CHECK(get(R"({"a":""})", "a") == "text ");
  CHECK(get(R"({"a":{}})", "a") == "object 0");
  CHECK(get(R"({"a":[]})", "a") == "array 0");
  CHECK(get(R"({"a":null})", "a.b") == "missing");
}

TEST_CASE("a name written with escapes is the same name") {
  CHECK(get(R"({"em\u0061il":"x"})", "email") == "text x");
  CHECK(get(R"({"a\/b":1})", R"(["a/b"])") == "int 1");
}

TEST_CASE("text comes unescaped, and raw as it stands") {
  CHECK(get(R"({"a":"x\u00e9\n\ud83d\ude00"})", "a") == "text x\xC3\xA9\n\xF0\x9F\x98\x80");
  CHECK(raw(R"({"a" : "x\u00e9" })", "a") == R"("x\u00e9")");
  CHECK(raw(R"({"a": 12345678901234567890123456789.50 })", "a") == "12345678901234567890123456789.50");
  CHECK(raw(R"({"a": [ 1 , {"x" : 2}] })", "a") == R"([ 1 , {"x" : 2}])");
}

TEST_CASE("a name that occurs twice is a data error on a path through that object, and nowhere else") {
  CHECK(get(R"({"a":1,"a":2})", "a") == "a name occurs twice in an object");
  CHECK(get(R"({"a":1,"\u0061":2})", "a") == "a name occurs twice in an object");
  CHECK(get(R"({"b":1,"b":2,"a":3})", "a") == "a name occurs twice in an object");
  CHECK(get(R"({"b":1,"b":2})", "a") == "a name occurs twice in an object");
  CHECK(get(R"({"a":{"x":1,"x":2}})", "a.y") == "a name occurs twice in an object");
  CHECK(get(R"({"a":{"x":1,"x":2}})", "a") == "object 2");
  CHECK(get(R"({"c":{"x":1,"x":2},"a":5})", "a") == "int 5");
  CHECK(matches(R"({"c":{"x":1,"x":2},"a":5})", "**.a") == Lines{"a name occurs twice in an object"});
}

TEST_CASE("large objects are searched for repeated names as well") {
  std::string json = "{";
  for (int i = 0; i < 500; ++i) json += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  CHECK(get(json + "\"last\":1}", "k7") == "int 7");
  CHECK(get(json + "\"k250\":1}", "k7") == "a name occurs twice in an object");
}

TEST_CASE("a root that is no object has no fields") {
  for (const std::string_view json : {"[1,[2]]", "7", "null", R"("text")"}) {
    INFO(json);
    for (const std::string_view path : {"a", "[0]", "*", "**", "a@json"}) {
      CHECK(get(json, path) == "missing");
      CHECK(raw(json, path, WEIR_READ | kStrict) == "the root is no object");
    }
  }
  CHECK(get("[1,[2]]", "") == "array 2");
  CHECK(get(" 7 ", "") == "int 7");
}

TEST_CASE("wildcards go in document order, parents first") {
  constexpr std::string_view kJson = R"({"e":[{"x":1},{"y":2},{"x":3,"z":{"x":4}}],"x":5})";
  CHECK(matches(kJson, "e[*].x") == Lines{"x=1", "x=3"});
  CHECK(matches(kJson, "**.x") == Lines{"x=1", "x=3", "x=4", "x=5"});
  CHECK(matches(kJson, "e.**") == Lines{"e", "-", "x=1", "-", "y=2", "-", "x=3", "z", "x=4"});
  CHECK(matches(kJson, "e[2].*") == Lines{"x=3", "z"});
  CHECK(matches(kJson, "**.z.**.x") == Lines{"x=4"});
  CHECK(matches(kJson, "q.*").empty());
  CHECK(get(kJson, "e[*].x") == "int 1");
  CHECK(get(kJson, "e[1].x") == "missing");
}

TEST_CASE("JSON inside a string is reached with @json") {
  constexpr std::string_view kJson =
      R"({"p":"{\"aps\":{\"alert\":\"hi \\\"you\\\"\"},\"n\":\"[1,2]\"}","q":"not json","r":{"aps":1}})";
  CHECK(get(kJson, "p@json.aps.alert") == "text hi \"you\"");
  CHECK(get(kJson, "p@json.n@json[1]") == "int 2");
  CHECK(get(kJson, "p@json") == "object 2");
  CHECK(get(kJson, "**.alert") == "missing");
  CHECK(get(kJson, "q@json.aps") == "missing");
  CHECK(raw(kJson, "q@json.aps", WEIR_READ | kStrict) == "text that should be JSON is not");
  CHECK(raw(R"({"q":"not json","p":"{\"n\":1}"})", "*@json.n", WEIR_READ) == "1");
  CHECK(raw(R"({"q":"not json","p":"{\"n\":1}"})", "*@json.n", WEIR_READ | kStrict) ==
        "text that should be JSON is not");
  CHECK(get(kJson, "r@json.aps") == "missing");
  CHECK(get(R"({"p":"{\"a\":1,\"a\":2}"})", "p@json.a") == "a name occurs twice in an object");
}

TEST_CASE("a lone surrogate or an endless number matters only where it is used") {
  constexpr std::string_view kJson =
      R"({"s":"\ud800","n":1e400,"\udfff":0,"big":123456789012345678901234567890,"ok":1})";
  CHECK(get(kJson, "ok") == "int 1");
  CHECK(get(kJson, "s") == "a lone surrogate in text");
  CHECK(get(kJson, "n") == "a number beyond the range of doubles");
  CHECK(get(kJson, "big") == "other");
  CHECK(raw(kJson, "s") == R"("\ud800")");
  CHECK(raw(kJson, "n") == "1e400");
  CHECK(get(kJson, "s@json.x") == "a lone surrogate in text");
  CHECK(matches(R"({"a":1,"\ud800":2})", "*") == Lines{"a=1", "a lone surrogate in text"});
}

TEST_CASE("each() hands out the members of one object or array") {
  OneRecord one(R"({"o":{"a":1,"b\n":"x","c":[1,2]},"l":[5,null],"s":1,"d":{"x":1,"\u0078":2}})");
  const PlanPath& object = one.path("o");
  const PlanPath& list = one.path("l");
  const PlanPath& scalar = one.path("s");
  const PlanPath& twice = one.path("d");
  std::string seen;
  const auto visit = [](void* user, weir_str name, const weir_value* value) {
    *static_cast<std::string*>(user) +=
        (name.ptr == nullptr ? "-" : std::string(name.ptr, name.len)) + ":" + std::to_string(value->type) + " ";
    return WEIR_OK;
  };
  CHECK(one.document().each(object, visit, &seen) == WEIR_OK);
  CHECK(seen == "a:2 b\n:5 c:6 ");
  seen.clear();
  CHECK(one.document().each(list, visit, &seen) == WEIR_OK);
  CHECK(seen == "-:2 -:0 ");
  CHECK(one.document().each(scalar, visit, &seen) == WEIR_NOT_FOUND);
  CHECK(one.document().each(twice, visit, &seen) == WEIR_E_DATA);
  const auto stop = [](void*, weir_str, const weir_value*) { return WEIR_E_RETRY; };
  CHECK(one.document().each(list, stop, nullptr) == WEIR_E_RETRY);
}

TEST_CASE("the last data error names its path") {
  OneRecord one(R"({"a":1e999})");
  const PlanPath& at = one.path("a");
  weir_value value{};
  CHECK(one.document().get(at, value) == WEIR_E_DATA);
  CHECK(one.document().last_path() == &at);
  CHECK(text_of(at) == "a");
}

}  // namespace weir::host::json::test
