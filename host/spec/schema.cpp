#include <nlohmann/json.hpp>

#include "spec/component_type.h"
#include "spec/pipeline_fields.h"
#include "spec/pipeline_spec.h"

namespace weir::host::spec {
namespace {

using Json = nlohmann::ordered_json;

Json reference(const std::string& definition) { return {{"$ref", "#/$defs/" + definition}}; }

std::string definition_name(Role role, const ComponentInfo& info) {
  return (role == Role::dead_letter ? "dead_letter" : std::string(kind_name(info.kind))) + "." + info.name;
}

Json plain_schema(const Field& field);

Json object_schema(const std::vector<Field>& fields) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const Field& field : fields) {
    properties[field.name] = plain_schema(field);
    if (field.is(WEIR_REQUIRED)) required.push_back(field.name);
  }
  Json schema = {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = required;
  return schema;
}

/// Any scalar may be a ${…}, whatever it is a number or a choice afterwards.
Json substitutable(Json schema) { return {{"anyOf", {std::move(schema), reference("substitution")}}}; }

Json text_schema(const Field& field) {
  if (!field.choices.empty()) return substitutable({{"enum", field.choices}});
  Json schema = {{"type", "string"}};
  if (field.type == WEIR_FILE) schema["minLength"] = 1;
  if (field.type == WEIR_REGEX) schema["format"] = "regex";
  return field.type == WEIR_TOPIC ? reference("topic") : schema;
}

Json scalar_schema(const Field& field) {
  switch (field.type) {
    case WEIR_NULL:
      return {{"type", "null"}};
    case WEIR_BOOL:
      return substitutable({{"type", "boolean"}});
    case WEIR_INT:
      return substitutable({{"type", "integer"}});
    case WEIR_UINT:
      return substitutable({{"type", "integer"}, {"minimum", 0}});
    case WEIR_DOUBLE:
      return substitutable({{"type", "number"}});
    case WEIR_DURATION:
      return reference("duration");
    case WEIR_SIZE:
      return reference("size");
    case WEIR_CONDITION:
      return reference("condition");
    case WEIR_ARRAY:
      return {{"type", "array"}};
    case WEIR_OBJECT:
      return field.fields.empty() ? Json{{"type", "object"}} : object_schema(field.fields);
    case WEIR_ANY:
      return Json::object();
    default:
      break;
  }
  return is_component(field.type)
             ? reference(field.name == "dead_letter" ? field.name : std::string(kind_name(component_kind(field.type))))
             : text_schema(field);
}

/// The schema of a field's value, with its summary and default for editors.
Json plain_schema(const Field& field) {
  Json schema = scalar_schema(field);
  if (field.is(WEIR_LIST)) schema = {{"type", "array"}, {"items", schema}};
  if (field.is(WEIR_MAP)) {
    // Of a map of texts plain numbers and booleans count as their text.
    const bool texts = field.type == WEIR_STRING && !field.is(WEIR_LIST) && field.choices.empty();
    if (texts) schema = {{"type", {"string", "number", "boolean"}}};
    schema = {{"type", "object"}, {"additionalProperties", schema}};
  }
  if (!field.summary.empty()) schema["description"] = field.summary;
  if (field.default_json && Json::accept(*field.default_json)) schema["default"] = Json::parse(*field.default_json);
  if (field.is(WEIR_DEPRECATED)) schema["deprecated"] = true;
  return schema;
}

/// The fields as a file may write them today.
std::vector<Field> offered_fields(Role role, const ComponentInfo& info) {
  std::vector<Field> fields = fields_of(role, info);
  if (role == Role::dead_letter)
    std::erase_if(fields, [](const Field& field) { return field.name == "key" || field.name == "headers"; });
  return fields;
}

Json component_schema(Role role, const ComponentInfo& info) {
  Json schema = {{"title", std::string(role_name(role)) + " " + info.name}, {"description", info.summary}};
  schema.update(object_schema(offered_fields(role, info)));
  schema["properties"]["type"] = {{"const", info.name}, {"description", info.summary}};
  return schema;
}

/// A component of some role: which one decides `type`, so that an editor's complaint is about the one that is meant.
void add_role(Role role, const std::string& name, const Catalog& catalog, Json& definitions) {
  Json types = Json::array();
  Json branches = Json::array();
  for (const ComponentInfo* info : catalog.all()) {
    if (info->kind != kind_of(role) || (role == Role::dead_letter && (info->capabilities & WEIR_DURABLE) == 0))
      continue;
    const std::string definition = definition_name(role, *info);
    definitions[definition] = component_schema(role, *info);
    types.push_back(info->name);
    branches.push_back({{"if", {{"properties", {{"type", {{"const", info->name}}}}}, {"required", {"type"}}}},
                        {"then", reference(definition)}});
  }
  Json type = {{"description", "Which " + std::string(role_name(role)) + "."}};
  if (!types.empty()) type["enum"] = types;
  Json schema = {{"type", "object"}, {"required", {"type"}}, {"properties", {{"type", type}}}};
  if (!branches.empty()) schema["allOf"] = branches;
  definitions[name] = std::move(schema);
}

Json condition_schema() {
  const Json conditions = {{"type", "array"}, {"items", reference("condition")}, {"minItems", 1}};
  const Json scalar = {{"type", {"string", "number", "boolean", "null"}}};
  const Json number = substitutable({{"type", "number"}});
  const Json text = {{"type", "string"}};
  Json operators = Json::array();
  for (const char* name : {"equals", "not_equals", "in", "matches", "prefix", "exists", "less", "greater"}) {
    operators.push_back({{"required", {name}}});
  }
  const Json leaf = {{"type", "object"},
                     {"required", {"field"}},
                     {"properties",
                      {{"field", {{"type", "string"}, {"description", "Path of the field."}}},
                       {"equals", scalar},
                       {"not_equals", scalar},
                       {"in", {{"type", "array"}, {"items", scalar}, {"minItems", 1}}},
                       {"matches", {{"type", "string"}, {"format", "regex"}}},
                       {"prefix", text},
                       {"exists", substitutable({{"type", "boolean"}})},
                       {"less", number},
                       {"greater", number}}},
                     {"additionalProperties", false},
                     {"oneOf", operators}};
  const auto alone = [](const char* name, const Json& schema) {
    return Json{
        {"type", "object"}, {"required", {name}}, {"properties", {{name, schema}}}, {"additionalProperties", false}};
  };
  return {{"oneOf", {alone("all", conditions), alone("any", conditions), alone("not", reference("condition")), leaf}}};
}

void add_values(Json& definitions) {
  definitions["substitution"] = {
      {"type", "string"},
      {"pattern", R"(\$\{)"},
      {"description", "${env:NAME}, ${env:NAME:-default}, ${env:NAME:?message} or ${file:PATH}."}};
  const auto measure = [](const char* pattern, const char* description) {
    return Json{
        {"anyOf", {Json{{"type", "string"}, {"pattern", pattern}}, Json{{"const", 0}}, reference("substitution")}},
        {"description", description}};
  };
  definitions["duration"] = measure("^(0|[0-9]+(ms|s|m|h|d))$", "A whole number and ms, s, m, h or d.");
  definitions["size"] =
      measure("^(0|[0-9]+([kKMGT]?B|[KMGT]iB))$", "A whole number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB.");
  definitions["topic"] = substitutable({{"type", "string"}, {"pattern", "^[a-zA-Z0-9._-]{1,249}$"}});
  definitions["condition"] = condition_schema();
}

}  // namespace

std::string json_schema(const Catalog& catalog) {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "Weir pipeline"},
                 {"description",
                  "One pipeline. A file may hold several, as YAML documents separated by '---'; each of them is "
                  "described by this schema."}};
  schema.update(object_schema(pipeline_fields()));
  schema["properties"]["name"]["anyOf"] = {
      {{"pattern", std::string("^") + kNamePattern + "$"}, {"maxLength", kLongestName}}, reference("substitution")};
  schema["patternProperties"] = {{"^x-", {{"description", "Ignored: a place for anchors."}}}};
  Json definitions = Json::object();
  add_values(definitions);
  add_role(Role::source, "source", catalog, definitions);
  add_role(Role::transform, "transform", catalog, definitions);
  add_role(Role::predicate, "predicate", catalog, definitions);
  add_role(Role::sink, "sink", catalog, definitions);
  add_role(Role::dead_letter, "dead_letter", catalog, definitions);
  schema["$defs"] = std::move(definitions);
  return schema.dump(2) + '\n';
}

}  // namespace weir::host::spec
