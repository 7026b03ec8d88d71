#include "cli/replay/choice.h"

#include "config/yaml.h"
#include "spec/check.h"
#include "spec/condition.h"

namespace weir::host::cli {
namespace {

constexpr const char* kOption = "--match";

Result<std::shared_ptr<const json::ConditionExpr>> parse_condition(const std::string& text) {
  spec::Diagnostics diagnostics;
  const auto documents =
      config::parse_yaml(text, kOption, config::Environment::process(), diagnostics, {}, config::Content::components);
  spec::Checker checker(kOption, ".", diagnostics);
  spec::Field field;
  field.name = "match";
  field.type = WEIR_CONDITION;
  std::shared_ptr<const json::ConditionExpr> condition;
  if (documents.size() == 1) condition = checker.value(field, documents.front()).condition;
  if (diagnostics.has_errors()) return Status::config(diagnostics.text());
  if (condition == nullptr) return Status::config("--match: expected one condition, such as {field: mpid, equals: 7}");
  return condition;
}

}  // namespace

Result<std::unique_ptr<ReplayChoice>> ReplayChoice::make(const std::optional<std::string>& key,
                                                         const std::optional<std::string>& condition) {
  std::unique_ptr<ReplayChoice> choice(new ReplayChoice(key));  // NOLINT: the constructor is private
  if (!condition) return choice;
  const auto parsed = parse_condition(*condition);
  if (!parsed) return parsed.status();
  const auto planned = choice->engine_.plan(WEIR_VALUE).add(**parsed);
  if (!planned) return planned.status();
  choice->condition_ = *planned;
  return choice;
}

bool ReplayChoice::wants(const spool::StoredRecord& record) {
  if (key_ && (is_null(record.key) || view(record.key) != *key_)) return false;
  return condition_ == nullptr || (!is_null(record.value) && matches(record.value));
}

bool ReplayChoice::matches(Bytes value) {
  Origin* const origin = slice_.origins()->open(Origin::kNoPartition, kNullBytes, 0);
  Record* const record = slice_.append(*origin);
  record->set_slot(WEIR_VALUE, slice_.arena().copy(view(value)));  // the engine reads some bytes behind it
  const weir_status verdict = engine_.matches(*condition_, *record);
  if (verdict == WEIR_E_DATA) ++unjudged_;
  slice_.recycle();
  return verdict == WEIR_OK;
}

}  // namespace weir::host::cli
