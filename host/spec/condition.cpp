#include "spec/condition.h"

#include <algorithm>
#include <array>
#include <optional>

#include "spec/regex.h"
#include "spec/scalar.h"
#include "spec/words.h"

namespace weir::host::spec {
namespace {

using Op = json::ConditionExpr::Op;

struct Operator {
  std::string_view name;
  Op op;
};

constexpr std::array<Operator, 3> kCombiners = {{{"all", Op::all}, {"any", Op::any}, {"not", Op::negation}}};
constexpr std::array<Operator, 8> kOperators = {{{"equals", Op::equals},
                                                 {"not_equals", Op::not_equals},
                                                 {"in", Op::in},
                                                 {"matches", Op::matches},
                                                 {"prefix", Op::prefix},
                                                 {"exists", Op::exists},
                                                 {"less", Op::less},
                                                 {"greater", Op::greater}}};
constexpr std::string_view kOperatorNames = "equals, not_equals, in, matches, prefix, exists, less or greater";
constexpr std::string_view kLeafExample = "such as {field: event_type, equals: screen_view}";

template <std::size_t N>
std::optional<Op> find_operator(const std::array<Operator, N>& operators, std::string_view name) {
  const auto found =
      std::find_if(operators.begin(), operators.end(), [&](const Operator& known) { return known.name == name; });
  return found == operators.end() ? std::nullopt : std::optional(found->op);
}

class ConditionCheck {
 public:
  ConditionCheck(const Field& field, Checker& checker) : field_(field), checker_(checker) {}

  json::ConditionExpr condition(const Node& node) {
    if (node.unset) return {};
    if (node.kind != Node::Kind::map) return wrong(node.mark, "expected a condition", std::string(kLeafExample));
    std::size_t combiners = 0;
    for (const Node::Member& member : node.members) combiners += find_operator(kCombiners, member.name) ? 1 : 0;
    if (combiners == 0) return leaf(node);
    if (node.members.size() == 1) return combined(node.members.front());
    return wrong(node.members[1].mark, "'all', 'any' and 'not' stand alone in a condition",
                 "put what belongs together into the list of one 'all'");
  }

 private:
  json::ConditionExpr wrong(Mark mark, const std::string& message, std::string hint) {
    checker_.error(mark, in_quotes(field_.name) + ": " + message, std::move(hint));
    return {};
  }

  json::ConditionExpr combined(const Node::Member& member) {
    json::ConditionExpr expression;
    expression.op = *find_operator(kCombiners, member.name);
    if (expression.op == Op::negation) {
      expression.children.push_back(condition(member.value));
      return expression;
    }
    if (member.value.unset) return expression;
    if (member.value.kind != Node::Kind::list || member.value.items.empty()) {
      return wrong(member.value.mark, in_quotes(member.name) + " takes a list of conditions",
                   std::string(kLeafExample));
    }
    for (const Node& item : member.value.items) expression.children.push_back(condition(item));
    return expression;
  }

  json::ConditionExpr leaf(const Node& node) {
    json::ConditionExpr expression;
    const Node::Member* chosen = nullptr;
    for (const Node::Member& member : node.members) {
      if (member.name == "field") {
        path(member.value, expression);
      } else if (!find_operator(kOperators, member.name)) {
        unknown(member);
      } else if (chosen != nullptr) {
        wrong(member.mark, "one operator for each field; " + in_quotes(member.name) + " is the second",
              "join two conditions with 'all' or 'any'");
      } else {
        chosen = &member;
      }
    }
    if (node.find("field") == nullptr)
      wrong(node.mark, "missing key 'field' in a condition", "the path of the field that is compared");
    if (chosen == nullptr)
      return wrong(node.mark, "missing operator in a condition", "one of " + std::string(kOperatorNames));
    expression.op = *find_operator(kOperators, chosen->name);
    operand(*chosen, expression);
    return expression;
  }

  void unknown(const Node::Member& member) {
    std::vector<std::string_view> known = {"field"};
    for (const Operator& known_operator : kOperators) known.push_back(known_operator.name);
    for (const Operator& combiner : kCombiners) known.push_back(combiner.name);
    wrong(member.mark, "unknown key " + in_quotes(member.name) + " in a condition",
          suggestion(member.name, known, "keys"));
  }

  void path(const Node& node, json::ConditionExpr& expression) {
    if (node.unset) return;
    Field field;
    field.name = "field";
    field.type = WEIR_PATH;
    field.flags = WEIR_PLACES;  // one place that matches is enough
    const Value checked = checker_.value(field, node);
    if (auto parsed = json::Path::parse(checked.text); checked.type == WEIR_STRING && parsed.ok())
      expression.field = *std::move(parsed);
  }

  void operand(const Node::Member& member, json::ConditionExpr& expression) {
    const Node& node = member.value;
    if (node.unset) return;
    if (expression.op == Op::in) {
      if (node.kind != Node::Kind::list || node.items.empty()) {
        wrong(node.mark, "'in' takes a list of values", "such as [development, test]");
        return;
      }
      for (const Node& item : node.items) literal(member, item, expression);
      return;
    }
    literal(member, node, expression);
  }

  void literal(const Node::Member& member, const Node& node, json::ConditionExpr& expression) {
    if (node.unset) return;
    const ScalarType type = scalar_type(node);
    const Op op = expression.op;
    if (node.kind != Node::Kind::scalar) {
      wrong(node.mark, in_quotes(member.name) + " compares with one text, number, boolean or null",
            op == Op::equals ? "'in' takes a list" : "");
    } else if (op == Op::exists && type != ScalarType::boolean) {
      wrong(node.mark, "'exists' takes true or false", "");
    } else if ((op == Op::less || op == Op::greater) && type != ScalarType::number) {
      wrong(node.mark, in_quotes(member.name) + " takes a number", "numbers stand without quotes");
    } else if ((op == Op::matches || op == Op::prefix) && type != ScalarType::text) {
      wrong(node.mark, in_quotes(member.name) + " takes a text", "put it into quotes to make it a text");
    } else if (const Status status = op == Op::matches ? check_regex(node.text) : Status(); !status.ok()) {
      wrong(node.mark, shown(node, field_) + " is not a regular expression",
            node.secret || field_.is(WEIR_SECRET) ? "" : status.message());
    } else {
      expression.literals.push_back(literal_of(node, type));
    }
  }

  static json::Literal literal_of(const Node& node, ScalarType type) {
    json::Literal literal;
    switch (type) {
      case ScalarType::null:
        literal.type = json::Literal::Type::null;
        break;
      case ScalarType::boolean:
        literal.type = json::Literal::Type::boolean;
        literal.boolean = node.text == "true";
        break;
      case ScalarType::number:
        literal.type = json::Literal::Type::number;
        break;
      case ScalarType::text:
        literal.type = json::Literal::Type::string;
        break;
    }
    if (type == ScalarType::number || type == ScalarType::text) literal.text = node.text;
    return literal;
  }

  const Field& field_;
  Checker& checker_;
};

}  // namespace

std::shared_ptr<const json::ConditionExpr> check_condition(const Field& field, const Node& node, Checker& checker) {
  return std::make_shared<const json::ConditionExpr>(ConditionCheck(field, checker).condition(node));
}

}  // namespace weir::host::spec
