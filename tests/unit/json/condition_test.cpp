#include <catch2/catch.hpp>

#include "fixture.h"

namespace weir::host::json::test {
namespace {

using Op = ConditionExpr::Op;

Literal number(std::string text) { return {Literal::Type::number, false, std::move(text)}; }
Literal text(std::string text) { return {Literal::Type::string, false, std::move(text)}; }
Literal flag(bool value) { return {Literal::Type::boolean, value, {}}; }
Literal null() { return {}; }

ConditionExpr leaf(std::string_view field, Op op, std::vector<Literal> literals) {
  ConditionExpr condition;
  condition.op = op;
  condition.field = *Path::parse(field);
  condition.literals = std::move(literals);
  return condition;
}

ConditionExpr combined(Op op, std::vector<ConditionExpr> children) {
  ConditionExpr condition;
  condition.op = op;
  condition.children = std::move(children);
  return condition;
}

/// 1: matches, 0: does not, -3: cannot be judged.
int test(std::string_view json, const ConditionExpr& condition) {
  OneRecord one(json);
  const auto added = one.engine().plan(WEIR_VALUE).add(condition);
  REQUIRE(added.ok());
  const weir_status status = one.engine().matches(**added, one.record());
  return status < 0 ? status : status == WEIR_OK ? 1 : 0;
}

int test(std::string_view json, std::string_view field, Op op, std::vector<Literal> literals) {
  return test(json, leaf(field, op, std::move(literals)));
}

}  // namespace

TEST_CASE("numbers are equal by value, never to text") {
  CHECK(test(R"({"a":1})", "a", Op::equals, {number("1.0")}) == 1);
  CHECK(test(R"({"a":1e0})", "a", Op::equals, {number("1")}) == 1);
  CHECK(test(R"({"a":9007199254740993})", "a", Op::equals, {number("9007199254740992")}) == 0);
  CHECK(test(R"({"a":123456789012345678901234567890})", "a", Op::equals, {number("123456789012345678901234567890")}) ==
        1);
  CHECK(test(R"({"a":"1"})", "a", Op::equals, {number("1")}) == 0);
  CHECK(test(R"({"a":1})", "a", Op::equals, {text("1")}) == 0);
}

TEST_CASE("text compares unescaped") {
  CHECK(test(R"({"a":"\u0078\n"})", "a", Op::equals, {text("x\n")}) == 1);
  CHECK(test(R"({"a":"xy"})", "a", Op::equals, {text("x")}) == 0);
}

TEST_CASE("a text equals itself alone, however it is written") {
  const std::vector<std::string> texts{"", "x", "X", "x ", "\"", "\"x\"", "\\", "a\"b", "a\\\"b", "\n", "caf\u00e9"};
  const std::vector<std::string> plain{R"("")",   R"("x")",    R"("X")",      R"("x ")", R"("\"")",      R"("\"x\"")",
                                       R"("\\")", R"("a\"b")", R"("a\\\"b")", R"("\n")", "\"caf\u00e9\""};
  const std::vector<std::string> escaped{R"("")",           R"("\u0078")",    R"("\u0058")",   R"("x\u0020")",
                                         R"("\u0022")",     R"("\u0022x\"")", R"("\u005c")",   R"("a\u0022b")",
                                         R"("a\u005C\"b")", R"("\u000A")",    R"("caf\u00e9")"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = 0; j < texts.size(); ++j) {
      for (const std::string& literal : {plain[j], escaped[j]}) {
        INFO(texts[i] << " and " << literal);
        const std::string json = "{\"a\":" + literal + "}";
        CHECK(test(json, "a", Op::equals, {text(texts[i])}) == (i == j ? 1 : 0));
        CHECK(test(json, "a", Op::not_equals, {text(texts[i])}) == (i == j ? 0 : 1));
        CHECK(test(json, "a", Op::in, {number("1"), text(texts[i]), text("y")}) == (i == j ? 1 : 0));
      }
    }
  }
}

TEST_CASE("null equals null, and true only true") {
  CHECK(test(R"({"a":null})", "a", Op::equals, {null()}) == 1);
  CHECK(test(R"({"a":0})", "a", Op::equals, {null()}) == 0);
  CHECK(test(R"({"a":true})", "a", Op::equals, {flag(true)}) == 1);
  CHECK(test(R"({"a":false})", "a", Op::equals, {flag(true)}) == 0);
  CHECK(test(R"({"a":true})", "a", Op::not_equals, {flag(true)}) == 0);
}

TEST_CASE("in matches any of its scalars") {
  const std::vector<Literal> literals{text("a"), number("5"), null(), flag(false)};
  for (const std::string_view json : {R"({"a":"a"})", R"({"a":5.0})", R"({"a":null})", R"({"a":false})"})
    CHECK(test(json, "a", Op::in, literals) == 1);
  for (const std::string_view json : {R"({"a":"b"})", R"({"a":6})", R"({"a":true})", R"({"a":[5]})", R"({})"})
    CHECK(test(json, "a", Op::in, literals) == 0);
}

TEST_CASE("a missing field matches nothing but exists: false") {
  CHECK(test("{}", "a", Op::equals, {null()}) == 0);
  CHECK(test("{}", "a", Op::not_equals, {number("1")}) == 0);
  CHECK(test("{}", "a", Op::exists, {flag(false)}) == 1);
  CHECK(test("{}", "a", Op::exists, {flag(true)}) == 0);
  CHECK(test(R"({"a":null})", "a", Op::exists, {flag(true)}) == 1);
  CHECK(test("[1]", "a", Op::exists, {flag(false)}) == 1);
}

TEST_CASE("less and greater look at numbers only") {
  CHECK(test(R"({"a":17})", "a", Op::less, {number("17.5")}) == 1);
  CHECK(test(R"({"a":17})", "a", Op::greater, {number("17")}) == 0);
  CHECK(test(R"({"a":18})", "a", Op::greater, {number("17")}) == 1);
  CHECK(test(R"({"a":"18"})", "a", Op::greater, {number("17")}) == 0);
  CHECK(test(R"({"a":null})", "a", Op::less, {number("17")}) == 0);
}

TEST_CASE("matches searches, prefix begins, both in text only") {
  CHECK(test(R"({"a":"say hello"})", "a", Op::matches, {text("h.llo$")}) == 1);
  CHECK(test(R"({"a":"say"})", "a", Op::matches, {text("^$")}) == 0);
  CHECK(test(R"({"a":5})", "a", Op::matches, {text("5")}) == 0);
  CHECK(test(R"({"a":"\u00e9t\u00e9"})", "a", Op::matches, {text("^\xC3\xA9.\xC3\xA9$")}) == 1);
  CHECK(test(R"({"a":"hello"})", "a", Op::prefix, {text("he")}) == 1);
  CHECK(test(R"({"a":"hello"})", "a", Op::prefix, {text("lo")}) == 0);
}

TEST_CASE("a regular expression that RE2 refuses is a configuration error") {
  Engine engine;
  const auto added = engine.plan(WEIR_VALUE).add(leaf("a", Op::matches, {text("(")}));
  REQUIRE_FALSE(added.ok());
  CHECK(added.status().code() == WEIR_E_CONFIG);
  CHECK_FALSE(engine.plan(WEIR_VALUE).add(leaf("a", Op::matches, {text("((a{1000}){1000}){1000}")})).ok());
}

TEST_CASE("a path with a star matches if any place does") {
  constexpr std::string_view kJson = R"({"e":[{"t":"x"},{"t":"y"},{}]})";
  CHECK(test(kJson, "e[*].t", Op::equals, {text("y")}) == 1);
  CHECK(test(kJson, "e[*].t", Op::equals, {text("z")}) == 0);
  CHECK(test(kJson, "e[*].t", Op::not_equals, {text("x")}) == 1);
  CHECK(test(kJson, "**.t", Op::exists, {flag(true)}) == 1);
  CHECK(test(kJson, "**.u", Op::exists, {flag(false)}) == 1);
  CHECK(test(R"({"e":[]})", "e[*].t", Op::not_equals, {text("x")}) == 0);
}

TEST_CASE("all, any and not combine, and not turns a missing field round") {
  const ConditionExpr yes = leaf("a", Op::equals, {number("1")});
  const ConditionExpr no = leaf("b", Op::equals, {number("1")});
  constexpr std::string_view kJson = R"({"a":1})";
  CHECK(test(kJson, combined(Op::all, {yes, yes})) == 1);
  CHECK(test(kJson, combined(Op::all, {yes, no})) == 0);
  CHECK(test(kJson, combined(Op::any, {no, yes})) == 1);
  CHECK(test(kJson, combined(Op::any, {no, no})) == 0);
  CHECK(test(kJson, combined(Op::all, {})) == 1);
  CHECK(test(kJson, combined(Op::any, {})) == 0);
  CHECK(test(kJson, combined(Op::negation, {no})) == 1);
  CHECK(test(kJson, combined(Op::negation, {yes})) == 0);
}

TEST_CASE("a record that cannot be judged is a data error that names the path") {
  CHECK(test(R"({"a":1,"a":2})", "a", Op::exists, {flag(true)}) == WEIR_E_DATA);
  CHECK(test(R"({"a":1e999})", "a", Op::less, {number("1")}) == WEIR_E_DATA);
  CHECK(test(R"({"a":1e999})", "a", Op::matches, {text("1")}) == 0);
  CHECK(test(R"({"a":"\ud800"})", "a", Op::equals, {text("x")}) == WEIR_E_DATA);
  CHECK(test(R"({"a":"\ud800"})", "a", Op::equals, {number("1")}) == 0);
  CHECK(test("{", "a", Op::exists, {flag(false)}) == WEIR_E_DATA);
  CHECK(test(R"({"a":1e999})", combined(Op::negation, {leaf("a", Op::equals, {number("1")})})) == WEIR_E_DATA);

  OneRecord one(R"({"a":1e999})");
  const auto added = one.engine().plan(WEIR_VALUE).add(leaf("a", Op::less, {number("1")}));
  CHECK(one.engine().matches(**added, one.record()) == WEIR_E_DATA);
  CHECK(text_of(*one.engine().reason_path()) == "a");
}

TEST_CASE("a condition sees what earlier transforms wrote") {
  OneRecord one(R"({"a":"x","p":"{\"q\":1}"})");
  const PlanPath& a = one.path("a");
  const PlanPath& q = one.path("p@json.q");
  const auto is_y = one.engine().plan(WEIR_VALUE).add(leaf("a", Op::equals, {text("y")}));
  const auto text_of_p = one.engine().plan(WEIR_VALUE).add(leaf("p", Op::equals, {text(R"({"q":2})")}));
  CHECK(one.engine().matches(**is_y, one.record()) == WEIR_NOT_FOUND);
  REQUIRE(one.document().set(a, text_value("y")) == WEIR_OK);
  CHECK(one.engine().matches(**is_y, one.record()) == WEIR_OK);
  REQUIRE(one.document().set_json(q, bytes_of("2")) == WEIR_OK);
  CHECK(one.engine().matches(**text_of_p, one.record()) == WEIR_OK);
}

TEST_CASE("a null value matches no condition") {
  OneRecord one("{}");
  const auto added = one.engine().plan(WEIR_VALUE).add(leaf("a", Op::exists, {flag(false)}));
  one.record().set_slot(WEIR_VALUE, kNullBytes);
  CHECK(one.engine().matches(**added, one.record()) == WEIR_NOT_FOUND);
}

}  // namespace weir::host::json::test
