#include <catch2/catch.hpp>
#include <functional>

#include "fixture.h"

namespace weir::host::json::test {
namespace {

using Visit = std::function<weir_status(weir_str, const weir_value&)>;
using Rewrite = std::function<std::int32_t(weir_str, const weir_value&, weir_value&)>;

weir_status match(OneRecord& one, const PlanPath& path, const Visit& visit) {
  const auto call = [](void* user, weir_str name, const weir_value* value) {
    return (*static_cast<const Visit*>(user))(name, *value);
  };
  return one.document().match(path, call, const_cast<Visit*>(&visit));
}

weir_status rewrite(OneRecord& one, const PlanPath& path, const Rewrite& rewrite) {
  const auto call = [](void* user, weir_str name, const weir_value* at, weir_value* to) {
    return (*static_cast<const Rewrite*>(user))(name, *at, *to);
  };
  return one.document().rewrite(path, call, const_cast<Rewrite*>(&rewrite));
}

}  // namespace

TEST_CASE("rewrite asks at every place and does as it is told") {
  OneRecord one(R"({"e":[ {"v" : 1} , {"v":2}, {"v":3},{"v":4} ]})");
  const PlanPath& path = one.path("e[*].v");
  const weir_status status = rewrite(one, path, [](weir_str name, const weir_value& at, weir_value& to) {
    CHECK(view(name) == "v");
    if (at.as.i == 1) return WEIR_KEEP;
    if (at.as.i == 2) {
      to = text_value("two");
      return WEIR_REPLACE;
    }
    to = text_value("[ 3 ]");
    return at.as.i == 3 ? WEIR_REPLACE_JSON : WEIR_REMOVE;
  });
  CHECK(status == WEIR_OK);
  CHECK(one.bytes() == R"({"e":[ {"v" : 1} , {"v":"two"}, {"v":[ 3 ]},{} ]})");
}

TEST_CASE("values that cannot be used are given as text to who asks for text") {
  OneRecord one(R"({"e":[1e400,"\ud800",{"v": 2}]})");
  const PlanPath& path = one.path("e[*]");
  const auto nothing = [](void*, weir_str, const weir_value*, weir_value*) -> std::int32_t { return WEIR_KEEP; };
  CHECK(one.document().rewrite(path, nothing, nullptr) == WEIR_E_DATA);
  std::string seen;
  const auto replace = [](void* user, weir_str, const weir_value* at, weir_value* to) -> std::int32_t {
    CHECK(at->type == WEIR_JSON);
    static_cast<std::string*>(user)->append(view(at->as.s)).append(" ");
    *to = text_value("0");
    return WEIR_REPLACE_JSON;
  };
  CHECK(one.document().rewrite(path, replace, &seen, true) == WEIR_OK);
  CHECK(seen == R"(1e400 "\ud800" {"v": 2} )");
  CHECK(one.bytes() == R"({"e":[0,0,0]})");
}

TEST_CASE("what was replaced or removed is not entered, what was kept is") {
  OneRecord one(R"({"a":{"x":{"x":1}},"x":{"x":2},"k":{"x":3}})");
  const PlanPath& path = one.path("**.x");
  int visits = 0;
  const weir_status status = rewrite(one, path, [&](weir_str, const weir_value& at, weir_value& to) {
    ++visits;
    if (visits == 1) return WEIR_KEEP;
    to = text_value(R"({"x":9})");
    return at.type == WEIR_OBJECT ? WEIR_REPLACE_JSON : WEIR_REMOVE;
  });
  CHECK(status == WEIR_OK);
  CHECK(visits == 4);
  CHECK(one.bytes() == R"({"a":{"x":{}},"x":{"x":9},"k":{}})");
}

TEST_CASE("a rewrite of nothing says so, and a negative answer ends it") {
  OneRecord one(R"({"a":[1,2,3]})");
  const PlanPath& none = one.path("b[*]");
  const PlanPath& all = one.path("a[*]");
  CHECK(rewrite(one, none, [](weir_str, const weir_value&, weir_value&) { return WEIR_KEEP; }) == WEIR_NOT_FOUND);
  int visits = 0;
  CHECK(rewrite(one, all, [&](weir_str, const weir_value&, weir_value&) {
          return ++visits == 2 ? WEIR_E_DATA : WEIR_KEEP;
        }) == WEIR_E_DATA);
  CHECK(visits == 2);
  CHECK(rewrite(one, all, [](weir_str, const weir_value&, weir_value&) { return 77; }) == WEIR_E_USAGE);
}

TEST_CASE("an exception of a callback leaves the document usable") {
  OneRecord one(R"({"a":[1,2]})");
  const PlanPath& all = one.path("a[*]");
  CHECK_THROWS_AS(
      match(one, all, [](weir_str, const weir_value&) -> weir_status { throw std::runtime_error("plugin"); }),
      std::runtime_error);
  weir_value value{};
  CHECK(one.document().get(all, value) == WEIR_OK);
}

TEST_CASE("relative paths begin at the place the callback is at") {
  OneRecord one(R"({"e":[{"id":1,"v":"a"},{"id":2},{"v":"c","id":3}]})");
  const PlanPath& base = one.path("e[*]");
  const PlanPath& id = one.path("id", WEIR_READ, &base);
  const PlanPath& v = one.path("v", WEIR_READ | WEIR_WRITE, &base);
  std::string seen;
  CHECK(match(one, base, [&](weir_str, const weir_value&) {
          weir_value value{};
          REQUIRE(one.document().get(id, value) == WEIR_OK);
          seen += std::to_string(value.as.i);
          seen += one.document().get(v, value) == WEIR_OK ? std::string(value.as.s.ptr, value.as.s.len) : "-";
          return one.document().set_json(v, bytes_of("[0]"));
        }) == WEIR_OK);
  CHECK(seen == "1a2-3c");
  CHECK(one.bytes() == R"({"e":[{"id":1,"v":[0]},{"id":2,"v":[0]},{"v":[0],"id":3}]})");
  weir_value value{};
  CHECK(one.document().get(id, value) == WEIR_E_USAGE);
}

TEST_CASE("relative paths may be nested, wild and lead into a string's JSON") {
  OneRecord one(R"({"e":[{"p":"{\"q\":[1,2]}"},{"p":"{\"q\":[3]}"}]})");
  const PlanPath& base = one.path("e.*");
  const PlanPath& inner = one.path("p@json.q", WEIR_READ, &base);
  const PlanPath& each = one.path("[*]", WEIR_READ | WEIR_WRITE, &inner);
  int sum = 0;
  CHECK(match(one, base, [&](weir_str, const weir_value&) {
          return match(one, inner, [&](weir_str, const weir_value&) {
            return match(one, each, [&](weir_str, const weir_value& value) {
              sum += static_cast<int>(value.as.i);
              return WEIR_OK;
            });
          });
        }) == WEIR_OK);
  CHECK(sum == 6);
}

TEST_CASE("a callback may remove the places it is shown and read other indexes meanwhile") {
  OneRecord one(R"({"l":[1,2,3,4,5,6],"n":[[7],8]})");
  const PlanPath& all = one.path("l[*]");
  const PlanPath& other = one.path("n[0]");
  std::string seen;
  const weir_status status = rewrite(one, all, [&](weir_str, const weir_value& at, weir_value&) {
    seen += std::to_string(at.as.i);
    if (at.as.i == 3) CHECK(one.document().remove(other) == WEIR_OK);
    weir_value value{};
    CHECK(one.document().get(other, value) == WEIR_OK);
    CHECK(value.type == (at.as.i < 3 ? WEIR_ARRAY : WEIR_INT));
    return at.as.i % 2 == 0 ? WEIR_REMOVE : WEIR_KEEP;
  });
  CHECK(status == WEIR_OK);
  CHECK(seen == "123456");
  CHECK(one.bytes() == R"({"l":[1,3,5],"n":[8]})");
}

TEST_CASE(
    "an index that is read in an array whose elements are being removed fails the record instead of losing edits") {
  for (const std::string_view where : {"l", "p@json"}) {
    OneRecord one(R"({"l":[1,2,3],"p":"[1,2,3]"})");
    const PlanPath& all = one.path(std::string(where) + "[*]");
    const PlanPath& first = one.path(std::string(where) + "[0]");
    int visits = 0;
    const weir_status status = rewrite(one, all, [&](weir_str, const weir_value& at, weir_value&) {
      ++visits;
      weir_value value{};
      CHECK(one.document().get(first, value) == WEIR_OK);
      CHECK(value.as.i == at.as.i);
      return WEIR_REMOVE;
    });
    CHECK(status == WEIR_E_DATA);
    CHECK(visits == 2);
  }
}

TEST_CASE("a callback may replace what is around its place") {
  OneRecord one(R"({"a":{"b":[1,2,3]},"c":[4]})");
  const PlanPath& all = one.path("**");
  const PlanPath& a = one.path("a");
  std::string seen;
  CHECK(match(one, all, [&](weir_str, const weir_value& value) {
          if (value.type != WEIR_INT) return WEIR_OK;
          seen += std::to_string(value.as.i);
          return value.as.i == 2 ? one.document().set_json(a, bytes_of("[7,8]")) : WEIR_OK;
        }) == WEIR_OK);
  CHECK(seen == "124");
  CHECK(one.bytes() == R"({"a":[7,8],"c":[4]})");
}

}  // namespace weir::host::json::test
