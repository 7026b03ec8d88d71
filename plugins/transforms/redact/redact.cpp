#include "redact.h"

#include <array>
#include <charconv>

#include "digest.h"
#include "list_text.h"
#include "mask.h"
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

template <typename Number>
std::string_view number_text(Number number, std::array<char, 24>& digits) {
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr};
}

}  // namespace

Redact::Redact(const Context& config) : root_(config.compile("", Use::read)) {
  for (const Context& rule : config.list("rules")) rules_.push_back(make_rule(config, rule));
  if (rules_.empty()) throw config.error("rules", "needs at least one rule");
}

Redact::Rule Redact::make_rule(const Context& config, const Context& rule) {
  const std::string action = rule.text("action");
  if (action != "replace") refuse_setting(rule, "with", "replace");
  if (action != "mask") refuse_setting(rule, "keep", "mask");
  if (action != "mask") refuse_setting(rule, "char", "mask");
  if (action != "pseudonymize") refuse_setting(rule, "normalize", "pseudonymize");
  if (action == "replace" && !rule.has("with")) throw rule.error("", "the action replace needs with: the value put in its place");
  Rule made;
  made.path = rule.path("field");
  made.removes = action == "remove";
  if (action == "replace") made.with = rule.json("with");
  made.action = make_action(action, config, rule);
  if (made.action) made.self = rule.within(made.path, "");
  return made;
}

void Redact::apply(Record& record) {
  Doc doc = record.value();
  const auto root = doc.get(root_);
  if (!root || !root->is_object()) return record.fail("not a JSON object");
  for (const Rule& rule : rules_) {
    if (rule.removes) {
      doc.remove(rule.path);
    } else {
      doc.rewrite(rule.path, [&](std::string_view, const Value& value) { return protect(rule, doc, value); });
    }
  }
}

Edit Redact::protect(const Rule& rule, const Doc& doc, const Value& value) {
  if (!rule.action) return Edit::json(rule.with);
  if (value.is_null()) return Edit::keep();
  if (value.is_object()) throw DataError("an object where a text is needed", rule.path);
  result_.clear();
  std::array<char, 24> digits;
  std::string_view text;
  if (value.handle().type == WEIR_STRING) {
    text = *value.text();
  } else if (value.handle().type == WEIR_INT) {
    text = number_text(value.handle().as.i, digits);
  } else {
    const auto raw = doc.raw(rule.self);
    if (!raw) throw DataError("the value cannot be read", rule.path);
    text = *raw;
  }
  const auto refused = value.is_array() ? append_list(text, *rule.action, scratch_, result_) : rule.action->apply(text, result_);
  if (refused) throw DataError(*refused, rule.path);
  return value.is_array() ? Edit::json(result_) : Edit::text(result_);
}

}  // namespace weir::plugins

WEIR_PLUGIN(weir::plugins::Redact)
