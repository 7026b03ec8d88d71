#include "spec/component.h"

#include <algorithm>
#include <array>

#include "spec/scalar.h"
#include "spec/spool.h"
#include "spec/words.h"

namespace weir::host::spec {
namespace {

std::vector<std::string_view> names_of(const Catalog& catalog, std::uint32_t kind, std::uint32_t capabilities = 0) {
  std::vector<std::string_view> names;
  for (const ComponentInfo* info : catalog.all()) {
    if (info->kind == kind && (info->capabilities & capabilities) == capabilities) names.push_back(info->name);
  }
  return names;
}

/// "; 'kafka' is a sink" when another kind has a component of that name.
std::string other_kind(const Catalog& catalog, const std::string& name) {
  for (const std::uint32_t kind : {WEIR_SOURCE, WEIR_TRANSFORM, WEIR_PREDICATE, WEIR_SINK}) {
    if (catalog.find(kind, name) != nullptr) return " (it is a " + std::string(kind_name(kind)) + ")";
  }
  return {};
}

/// The component that `type` names; null beside an error, or when the type is not known (--no-env).
const ComponentInfo* find_info(Role role, const Node& node, const Catalog& catalog, Checker& checker) {
  const std::uint32_t kind = kind_of(role);
  const std::vector<std::string_view> known = names_of(catalog, kind);
  const Node* type = node.find("type");
  if (type == nullptr) {
    checker.error(node.mark, "missing key 'type' in the " + std::string(role_name(role)),
                  "known " + std::string(kind_name(kind)) + "s: " + joined(known));
    return nullptr;
  }
  const Value checked = checker.value(host_fields(role).front(), *type);
  if (checked.type != WEIR_STRING) return nullptr;
  const ComponentInfo* info = catalog.find(kind, checked.text);
  if (info == nullptr) {
    const std::string shown_type = type->secret ? "(secret)" : in_quotes(checked.text);
    checker.error(type->mark,
                  "unknown " + std::string(kind_name(kind)) + " " + shown_type +
                      (type->secret ? "" : other_kind(catalog, checked.text)),
                  suggestion(type->secret ? "" : checked.text, known, std::string(kind_name(kind)) + "s"));
  }
  return info;
}

void check_dead_letter(const ComponentInfo& info, const Node& node, const Catalog& catalog, Checker& checker) {
  if ((info.capabilities & WEIR_DURABLE) == 0) {
    checker.error(node.find("type")->mark,
                  in_quotes(info.name) + " cannot be the dead letter sink: it does not store durably",
                  "sinks that do: " + joined(names_of(catalog, WEIR_SINK, WEIR_DURABLE)));
  }
  const auto has = [&](const std::string& name) {
    return std::any_of(info.fields.begin(), info.fields.end(), [&](const Field& field) { return field.name == name; });
  };
  for (const Node::Member& member : node.members) {
    if ((member.name == "key" || member.name == "headers") && has(member.name)) {
      checker.error(member.mark, in_quotes(member.name) + " is not allowed in the dead letter sink",
                    "dead letters keep the key and headers of their record");
    }
  }
}

/// Takes the value of one of the host's own keys out of the component's fields.
std::optional<Value> take(Value& fields, std::string_view name) {
  const auto found = std::find_if(fields.members.begin(), fields.members.end(),
                                  [&](const auto& member) { return member.name == name; });
  if (found == fields.members.end()) return std::nullopt;
  Value value = std::move(found->value);
  fields.members.erase(found);
  return value;
}

void take_transform_keys(ComponentSpec& spec, Checker& checker) {
  spec.privacy = (spec.info->capabilities & WEIR_PRIVACY) != 0;
  if (const auto name = take(spec.fields, "name")) spec.name = name->text;
  if (const auto predicate = take(spec.fields, "predicate")) spec.predicate = predicate->text;
  if (const auto negate = take(spec.fields, "negate")) {
    spec.negate = negate->boolean;
    if (spec.negate && spec.predicate.empty())
      checker.error(negate->mark, "'negate' without 'predicate'", "name the predicate whose opposite is meant");
  }
  if (const auto at = take(spec.fields, "at"); at && at->type == WEIR_STRING) {
    spec.at_ingest = true;
    spec.at_mark = at->mark;
  }
  const auto privacy = take(spec.fields, "privacy");
  if (!privacy || privacy->type != WEIR_BOOL) return;
  if (spec.privacy && !privacy->boolean) {
    checker.error(privacy->mark, in_quotes(spec.info->name) + " always protects people", "remove the key");
  }
  spec.privacy = spec.privacy || privacy->boolean;
}

void take_payload_keys(ComponentSpec& spec, Checker& checker) {
  PayloadSpec& out = spec.payload;
  if (const auto payload = take(spec.fields, "payload")) {
    out.encrypted = payload->text == "encrypted";
    out.mark = payload->mark;
    out.unset = payload->unset;
  }
  const auto secrets = take(spec.fields, "encryption_secret");
  if (!secrets) return;
  out.unset = out.unset || secrets->unset;
  if (secrets->type != WEIR_STRING) return;
  out.secrets = secrets->text;
  out.secrets_mark = secrets->mark;
  check_secrets(*secrets, checker);
  if (!out.encrypted && !out.unset)
    checker.error(secrets->mark, "'encryption_secret' without 'payload: encrypted'",
                  "nothing would be encrypted: add it, or remove the key");
}

}  // namespace

std::optional<ComponentSpec> check_component(Role role, const Node& node, const Catalog& catalog, Checker& checker) {
  if (node.kind != Node::Kind::map) return std::nullopt;  // complained about by the pipeline's table, or unset
  const ComponentInfo* info = find_info(role, node, catalog, checker);
  if (info == nullptr) return std::nullopt;
  if (role == Role::dead_letter) check_dead_letter(*info, node, catalog, checker);
  ComponentSpec spec;
  spec.info = info;
  spec.mark = node.mark;
  spec.fields =
      checker.object(fields_of(role, *info), node, std::string(kind_name(info->kind)) + " " + in_quotes(info->name));
  static_cast<void>(take(spec.fields, "type"));
  if (role == Role::dead_letter) take_payload_keys(spec, checker);
  if (role == Role::transform) {
    take_transform_keys(spec, checker);
  } else {
    spec.name = info->name;
  }
  return spec;
}

}  // namespace weir::host::spec
