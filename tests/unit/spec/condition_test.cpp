#include <catch2/catch.hpp>

#include "nodes.h"
#include "spec/condition.h"

namespace weir::host::spec {
namespace {

using json::ConditionExpr;
using json::Literal;

json::ConditionExpr parsed(const Node& node) {
  Diagnostics diagnostics;
  Checker checker("f", "/d", diagnostics);
  Field field;
  field.name = "when";
  field.type = WEIR_CONDITION;
  const Value value = checker.value(field, node);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  REQUIRE(value.condition != nullptr);
  return *value.condition;
}

Node leaf(const std::string& op, Node operand) { return map({{"field", plain("a.b")}, {op, std::move(operand)}}); }

}  // namespace

TEST_CASE("a leaf is a path, an operator and what it compares with") {
  const ConditionExpr equals = parsed(leaf("equals", plain("x")));
  CHECK(equals.op == ConditionExpr::Op::equals);
  CHECK(equals.field.text() == "a.b");
  REQUIRE(equals.literals.size() == 1);
  CHECK(equals.literals[0].type == Literal::Type::string);
  CHECK(equals.literals[0].text == "x");
  CHECK(parsed(leaf("not_equals", plain("1"))).op == ConditionExpr::Op::not_equals);
  CHECK(parsed(leaf("matches", plain("^a"))).op == ConditionExpr::Op::matches);
  CHECK(parsed(leaf("prefix", text("5"))).op == ConditionExpr::Op::prefix);
  CHECK(parsed(leaf("less", plain("5"))).op == ConditionExpr::Op::less);
  CHECK(parsed(leaf("greater", plain("-1.5e3"))).op == ConditionExpr::Op::greater);
  CHECK(parsed(leaf("exists", plain("false"))).op == ConditionExpr::Op::exists);
}

TEST_CASE("literals keep their JSON type, and numbers their text") {
  const ConditionExpr in = parsed(leaf("in", list({plain("12345678901234567890123"), plain("1.0"), plain("true"),
                                                   plain("null"), text("1"), plain("x")})));
  REQUIRE(in.literals.size() == 6);
  CHECK(in.literals[0].type == Literal::Type::number);
  CHECK(in.literals[0].text == "12345678901234567890123");
  CHECK(in.literals[1].text == "1.0");
  CHECK(in.literals[2].type == Literal::Type::boolean);
  CHECK(in.literals[2].boolean);
  CHECK(in.literals[3].type == Literal::Type::null);
  CHECK(in.literals[4].type == Literal::Type::string);
  CHECK(in.literals[5].type == Literal::Type::string);
}

TEST_CASE("conditions nest") {
  const Node inner = map({{"not", leaf("exists", plain("true"))}});
  const ConditionExpr all =
      parsed(map({{"all", list({leaf("equals", plain("1")), map({{"any", list({inner, inner})}})})}}));
  CHECK(all.op == ConditionExpr::Op::all);
  REQUIRE(all.children.size() == 2);
  CHECK(all.children[1].op == ConditionExpr::Op::any);
  REQUIRE(all.children[1].children.size() == 2);
  CHECK(all.children[1].children[0].op == ConditionExpr::Op::negation);
  CHECK(all.children[1].children[0].children.at(0).op == ConditionExpr::Op::exists);
}

}  // namespace weir::host::spec
