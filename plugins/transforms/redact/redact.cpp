#include "redact.h"

#include <optional>

#include "digest.h"
#include "mask.h"
#include "protect.h"
#include "truncate_ip.h"

namespace weir::plugins {
namespace {

constexpr std::size_t kShortestSecret = 16;  // bytes

/// `name` is given although the rule's action has no use for it: someone expects what will not happen.
void refuse_setting(const Context& rule, const char* name, const char* action) {
  if (rule.has(name)) throw rule.error(name, std::string("only the action ") + action + " uses it");
}

std::unique_ptr<TextAction> make_mask(const Context& rule) {
  const std::int64_t keep = rule.has("keep") ? rule.integer("keep") : 0;
  if (keep < 0) throw rule.error("keep", "must not be negative");
  const std::string fill = rule.has("char") ? rule.text("char") : "*";
  if (count_code_points(fill) != 1) throw rule.error("char", "must be one character (one Unicode code point)");
  return std::make_unique<Mask>(static_cast<std::size_t>(keep), fill);
}

std::unique_ptr<TextAction> make_pseudonym(const Context& config, const Context& rule) {
  if (!config.has("secret")) throw config.error("", "the action pseudonymize needs a secret");
  const std::string secret = config.secret("secret");
  if (secret.size() < kShortestSecret) throw config.error("secret", "must have at least 16 bytes");
  const bool lower_trim = rule.has("normalize") && rule.text("normalize") == "lower_trim";
  return std::make_unique<Pseudonym>(secret, lower_trim ? Normalize::lower_trim : Normalize::none);
}

std::unique_ptr<TextAction> make_action(const std::string& action, const Context& config, const Context& rule) {
  if (action == "mask") return make_mask(rule);
  if (action == "truncate_ip") return std::make_unique<TruncateIp>();
  if (action == "pseudonymize") return make_pseudonym(config, rule);
  if (action != "hash") return nullptr;
  config.log().warn("A hash without a secret can be guessed: prefer pseudonymize. rule=" + rule.pointer());
  return std::make_unique<Hash>();
}

}  // namespace

Redact::Redact(const Context& config) {
  const std::vector<Context> rules = config.list("rules");
  if (rules.empty()) throw config.error("rules", "needs at least one rule");
  std::optional<ConfigError> refused;
  for (const Context& rule : rules) {
    try {
      rules_.push_back(make_rule(config, rule));
    } catch (const ConfigError& error) {
      config.report(error);  // people see every bad rule at once
      refused = error;
    }
  }
  if (refused) throw ConfigError(*refused);
}

Redact::Rule Redact::make_rule(const Context& config, const Context& rule) {
  const std::string action = rule.text("action");
  if (action != "replace") refuse_setting(rule, "with", "replace");
  if (action != "mask") refuse_setting(rule, "keep", "mask");
  if (action != "mask") refuse_setting(rule, "char", "mask");
  if (action != "pseudonymize") refuse_setting(rule, "normalize", "pseudonymize");
  if (action == "replace" && !rule.has("with"))
    throw rule.error("", "the action replace needs with: the value put in its place");
  Rule made;
  made.path = rule.path("field", Use::edit_text);
  made.wild = rule.text("field").find('*') != std::string::npos;
  made.removes = action == "remove";
  if (action == "replace") made.with = rule.json("with");
  made.action = make_action(action, config, rule);
  return made;
}

/// The host fails what it cannot look into (not JSON, a root that is no object), as for every privacy transform.
void Redact::apply(Record& record) {
  Doc doc = record.value();
  for (const Rule& rule : rules_) apply_rule(rule, doc);
}

/// Goes by the text of what is there, never by its value: a number or text that nobody can use is protected like any other.
void Redact::apply_rule(const Rule& rule, Doc& doc) {
  if (rule.removes) {
    doc.remove(rule.path);
  } else if (rule.wild) {
    doc.rewrite(rule.path, [&](std::string_view, const Value& value) {
      const std::string_view json = value.json().value();
      return json == "null" && rule.action ? Edit::keep() : Edit::json(replacement(rule, json));
    });
  } else if (const auto json = doc.raw(rule.path); json && !(*json == "null" && rule.action)) {
    doc.set_json(rule.path, replacement(rule, *json));
  }
}

/// Lives until the next call.
std::string_view Redact::replacement(const Rule& rule, std::string_view json) {
  if (!rule.action) return rule.with;
  result_.clear();
  if (const auto refused = append_protected(json, *rule.action, scratch_, result_))
    throw DataError(refused.reason(), rule.path);
  return result_;
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Redact)
