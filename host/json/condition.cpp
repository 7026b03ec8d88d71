#include "json/condition.h"

#include <re2/re2.h>

#include <algorithm>

#include "json/compiled_condition.h"
#include "json/locate.h"
#include "json/number.h"
#include "json/text.h"
#include "json/walk.h"

namespace weir::host::json {
namespace {

constexpr std::int64_t kPatternMemory = 8 << 20;  // bytes: program and automaton of one expression

weir_status answer(bool matches) { return matches ? WEIR_OK : WEIR_NOT_FOUND; }

weir_status turn_round(weir_status status) {
  if (status == WEIR_OK) return WEIR_NOT_FOUND;
  return status == WEIR_NOT_FOUND ? WEIR_OK : status;
}

}  // namespace

PlanCondition::PlanCondition() = default;
PlanCondition::~PlanCondition() = default;

Result<std::unique_ptr<PlanCondition>> PlanCondition::compile(const ConditionExpr& condition, Plan& plan,
                                                              std::uint32_t use) {
  auto compiled = std::make_unique<PlanCondition>();
  compiled->op_ = condition.op;
  for (const ConditionExpr& child : condition.children) {
    auto made = compile(child, plan, use);
    if (!made) return made.status();
    compiled->children_.push_back(*std::move(made));
  }
  const bool combines = condition.op == Op::all || condition.op == Op::any || condition.op == Op::negation;
  Status status = combines ? Status() : compiled->compile_leaf(condition, plan, use);
  if (!status.ok()) return status;
  return compiled;
}

Status PlanCondition::compile_leaf(const ConditionExpr& condition, Plan& plan, std::uint32_t use) {
  auto path = plan.add(condition.field.text(), WEIR_READ | use);
  if (!path) return path.status();
  path_ = *path;
  literals_ = condition.literals;
  if (op_ == Op::equals || op_ == Op::not_equals || op_ == Op::in) {
    for (const Literal& literal : literals_) {
      if (literal.type == Literal::Type::string) quoted_.push_back('"' + literal.text + '"');
    }
  }
  if (op_ != Op::in && literals_.empty()) return Status::config("a condition needs something to compare with");
  if (op_ != Op::matches) return {};
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  pattern_ = std::make_unique<re2::RE2>(literals_.front().text, options);
  return pattern_->ok() ? Status() : Status::config("not a regular expression (RE2): " + pattern_->error());
}

weir_status PlanCondition::test(Tree& tree, const PlanPath*& at) const {
  if (op_ == Op::negation) return turn_round(children_.front()->test(tree, at));
  if (op_ == Op::all || op_ == Op::any) {
    const weir_status decides = op_ == Op::all ? WEIR_NOT_FOUND : WEIR_OK;
    for (const auto& child : children_) {
      const weir_status status = child->test(tree, at);
      if (status == decides || status < 0) return status;
    }
    return turn_round(decides);
  }
  at = path_;
  return test_leaf(tree);
}

weir_status PlanCondition::test_leaf(Tree& tree) const {
  if (op_ == Op::exists) {
    Place* place = nullptr;
    const weir_status status = find(tree, *path_, place);
    return status < 0 ? status : answer((status == WEIR_OK) == literals_.front().boolean);
  }
  if (!path_->wild()) {
    Place* place = nullptr;
    const weir_status status = find(tree, *path_, place);
    return status == WEIR_OK ? test_place(tree, *place) : status;
  }
  const weir_status status = walk(tree, *path_, path_->size(), [&](Place& place) {
    const weir_status one = test_place(tree, place);
    if (one < 0) return one;
    return one == WEIR_OK ? WEIR_END : WEIR_OK;
  });
  return status < 0 ? status : answer(status == WEIR_END);
}

weir_status PlanCondition::test_place(Tree& tree, const Place& place) const {
  if (!quoted_.empty() && place.kind == Kind::string && place.is_plain_string())
    return answer(holds_literal(place.view()) == (op_ != Op::not_equals));
  const weir_status status = test_value(tree, place);
  return op_ == Op::not_equals ? turn_round(status) : status;
}

weir_status PlanCondition::test_value(Tree& tree, const Place& place) const {
  switch (place.kind) {
    case Kind::number:
      return test_number(tree, place.view());
    case Kind::string:
      return test_string(tree, place);
    case Kind::null:
      return answer(has_type(Literal::Type::null));
    case Kind::boolean:
      return answer(std::any_of(literals_.begin(), literals_.end(), [&](const Literal& literal) {
        return literal.type == Literal::Type::boolean && literal.boolean == (place.text[0] == 't');
      }));
    default:
      return WEIR_NOT_FOUND;  // no literal is a list or an object
  }
}

bool PlanCondition::has_type(Literal::Type type) const {
  return std::any_of(literals_.begin(), literals_.end(),
                     [type](const Literal& literal) { return literal.type == type; });
}

/// A number that is compared is used, so it has to be in range; one that meets only other types is not.
weir_status PlanCondition::test_number(Tree& tree, std::string_view text) const {
  if (!has_type(Literal::Type::number)) return WEIR_NOT_FOUND;
  if (!is_finite_number(text)) return tree.data_error(kNumberRange);
  return answer(std::any_of(literals_.begin(), literals_.end(), [&](const Literal& literal) {
    if (literal.type != Literal::Type::number) return false;
    const int order = compare_numbers(text, literal.text);
    if (op_ == Op::less) return order < 0;
    return op_ == Op::greater ? order > 0 : order == 0;
  }));
}

/// A plain string stands for what is between its quotes, so it is compared as it stands.
bool PlanCondition::holds_literal(std::string_view literal) const {
  return std::any_of(quoted_.begin(), quoted_.end(),
                     [literal](const std::string& quoted) { return quoted == literal; });
}

weir_status PlanCondition::test_string(Tree& tree, const Place& place) const {
  if (!has_type(Literal::Type::string)) return WEIR_NOT_FOUND;
  const std::string_view literal = current_text(tree, place);
  const std::string_view inside = literal.substr(1, literal.size() - 2);
  if (place.is_plain_string()) return answer(test_text(inside));
  std::string& plain = tree.scratch->text;
  plain.resize(inside.size());
  const Unescaped result = unescape(inside, plain.data());
  if (result.lone_surrogate) return tree.data_error(kLoneSurrogate);
  return answer(test_text(std::string_view(plain).substr(0, result.size)));
}

bool PlanCondition::test_text(std::string_view text) const {
  switch (op_) {
    case Op::matches:
      return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *pattern_);
    case Op::prefix:
      return text.starts_with(literals_.front().text);
    case Op::less:
    case Op::greater:
      return false;
    default:
      return std::any_of(literals_.begin(), literals_.end(), [text](const Literal& literal) {
        return literal.type == Literal::Type::string && literal.text == text;
      });
  }
}

Result<const PlanCondition*> Plan::add(const ConditionExpr& condition, std::uint32_t use) {
  auto compiled = PlanCondition::compile(condition, *this, use);
  if (!compiled) return compiled.status();
  return compiled_->conditions.emplace_back(*std::move(compiled)).get();
}

}  // namespace weir::host::json
