#include "spec/check.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "json/path.h"
#include "spec/component_type.h"
#include "spec/condition.h"
#include "spec/json_node.h"
#include "spec/regex.h"
#include "spec/reserved.h"
#include "spec/scalar.h"
#include "spec/words.h"

namespace weir::host::spec {
namespace {

/// "a duration, such as 5m": what a message says was expected.
std::string expectation(const Field& field) {
  if (field.is(WEIR_MAP)) return "a mapping";
  if (field.is(WEIR_LIST)) return "a list";
  switch (field.type) {
    case WEIR_BOOL:
      return "true or false";
    case WEIR_INT:
      return "a whole number";
    case WEIR_UINT:
      return "a whole number from 0 on";
    case WEIR_DOUBLE:
      return "a number";
    case WEIR_DURATION:
      return "a duration with its unit, such as 250ms, 10s, 5m, 1h or 30d";
    case WEIR_SIZE:
      return "a size with its unit, such as 512B, 10MB or 64MiB";
    case WEIR_FILE:
      return "the path of a file";
    case WEIR_REGEX:
      return "a regular expression";
    case WEIR_PATH:
      return field.is(WEIR_PLACES) ? "a path, such as user.email" : "a path of one place, such as user.email";
    case WEIR_TOPIC:
      return "a topic's name";
    case WEIR_CONDITION:
      return "a condition, such as {field: event_type, equals: screen_view}";
    case WEIR_ARRAY:
      return "a list";
    case WEIR_OBJECT:
      return "a mapping";
    default:
      break;
  }
  if (is_component(field.type))
    return "a " + std::string(kind_name(component_kind(field.type))) + ": a mapping with its type";
  return "text";
}

/// A number or boolean that quotes made a text.
bool is_in_needless_quotes(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::scalar || !node.quoted || node.secret || field.is(WEIR_SECRET)) return false;
  Node bare = node;
  bare.quoted = false;
  const ScalarType type = scalar_type(bare);
  if (field.type == WEIR_BOOL) return type == ScalarType::boolean;
  const bool wants_number = field.type == WEIR_INT || field.type == WEIR_UINT || field.type == WEIR_DOUBLE;
  return wants_number && type == ScalarType::number;
}

std::string found(const Node& node, const Field& field) {
  if (node.kind == Node::Kind::list) return "a list";
  if (node.kind == Node::Kind::map) return "a mapping";
  switch (scalar_type(node)) {
    case ScalarType::null:
      return node.text.empty() ? "nothing" : "null";
    case ScalarType::boolean:
    case ScalarType::number:
      return "the " + std::string(scalar_type(node) == ScalarType::number ? "number " : "boolean ") +
             shown(node, field);
    case ScalarType::text:
      break;
  }
  return (is_in_needless_quotes(field, node) ? "the text " : "") + shown(node, field);
}

bool wants_text(std::uint32_t type) {
  return type == WEIR_STRING || type == WEIR_FILE || type == WEIR_REGEX || type == WEIR_PATH || type == WEIR_TOPIC;
}

/// What a writer of the wrong shape probably has to change.
std::string shape_hint(const Field& field, const Node& node) {
  if (field.is(WEIR_LIST) && !field.is(WEIR_MAP))
    return node.kind == Node::Kind::scalar ? "write it as a list: [ … ] or lines that begin with '- '" : "";
  if (node.kind == Node::Kind::scalar && scalar_type(node) == ScalarType::null)
    return "give it a value, or remove the key";
  if (is_in_needless_quotes(field, node)) return "remove the quotes";
  if (!wants_text(field.type)) return {};
  if (node.kind == Node::Kind::list) return "a text that begins with '[' needs quotes, such as '[\"a.b\"]'";
  if (node.kind == Node::Kind::map) return "a text that begins with '{' or holds ': ' needs quotes";
  return "put it into quotes to make it a text";
}

/// A key written flat, such as errors.tolerance, as it is to be nested: "errors: {tolerance: …}". Empty: some part of it is not known.
std::string nested_form(const std::vector<Field>& fields, std::string_view name) {
  const std::size_t dot = name.find('.');
  const std::string first(name.substr(0, dot));
  const auto field = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == first; });
  if (field == fields.end()) return {};
  if (dot == std::string_view::npos) return first + ": …";
  const std::string rest(name.substr(dot + 1));
  if (field->is(WEIR_LIST) || rest.empty()) return {};
  const std::string inner = field->is(WEIR_MAP) ? rest + ": …" : nested_form(field->fields, rest);
  return inner.empty() ? inner : first + ": {" + inner + "}";
}

std::string unknown_key_hint(const std::vector<Field>& fields, const std::string& name) {
  const std::string nested = name.find('.') == std::string::npos ? std::string() : nested_form(fields, name);
  if (!nested.empty()) return "keys are nested: write " + nested;
  std::vector<std::string_view> known;
  for (const Field& field : fields) known.push_back(field.name);
  return suggestion(name, known, "keys");
}

/// Types that are scalars in a file.
bool is_scalar(std::uint32_t type) {
  return type != WEIR_ARRAY && type != WEIR_OBJECT && type != WEIR_CONDITION && type != WEIR_ANY && !is_component(type);
}

Status path_status(const Field& field, const std::string& text) {
  if (text.empty()) return Status::config("it is empty");
  const auto path = json::Path::parse(text);
  if (!path) return path.status();
  if (!path->wild() || field.is(WEIR_PLACES)) return {};
  return Status::config(R"(name one place, such as items[0].sku; a member whose name holds * is written as ["*"])");
}

Value unset_value(const Node& node) {
  Value out;
  out.mark = node.mark;
  out.unset = true;
  return out;
}

/// All of a secret field's value is secret, however deep.
void make_secret(Value& value) {
  value.secret = true;
  for (Value& item : value.items) make_secret(item);
  for (auto& [name, member] : value.members) make_secret(member);
}

}  // namespace

std::string shown(const Node& node, const Field& field) {
  return node.secret || field.is(WEIR_SECRET) ? "(secret)" : in_quotes(node.text);
}

Checker::Checker(std::string file, std::string directory, Diagnostics& diagnostics)
    : file_(std::move(file)), directory_(std::move(directory)), diagnostics_(diagnostics) {}

void Checker::error(Mark mark, std::string message, std::string hint) {
  diagnostics_.error(file_, mark, std::move(message), std::move(hint));
}

void Checker::warning(Mark mark, std::string message, std::string hint) {
  diagnostics_.warning(file_, mark, std::move(message), std::move(hint));
}

Value Checker::refuse(const Field& field, const Node& node, const std::string& what, std::string hint) {
  error(node.mark, in_quotes(field.name) + ": " + what, std::move(hint));
  return {};
}

Value Checker::expected(const Field& field, const Node& node) {
  return refuse(field, node, "expected " + expectation(field) + ", found " + found(node, field),
                shape_hint(field, node));
}

Value Checker::object(const std::vector<Field>& fields, const Node& node, std::string_view where) {
  Value out;
  out.type = WEIR_OBJECT;
  out.mark = node.mark;
  members(fields, node, where, out);
  for (const Field& field : fields) {
    if (node.find(field.name) == nullptr) absent(field, node, where, out);
  }
  return out;
}

void Checker::members(const std::vector<Field>& fields, const Node& node, std::string_view where, Value& out) {
  for (const Node::Member& member : node.members) {
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == member.name; });
    if (field != fields.end()) {
      if (field->is(WEIR_DEPRECATED))
        warning(member.mark, in_quotes(member.name) + " is deprecated", as_hint(field->summary));
      out.members.emplace_back(member.name, value(*field, member.value));
    } else if (is_reserved(member.name)) {
      error(member.mark, in_quotes(member.name) + " is reserved for a later release", "remove it");
    } else {
      error(member.mark, "unknown key " + in_quotes(member.name) + " in " + std::string(where),
            unknown_key_hint(fields, member.name));
    }
  }
}

void Checker::absent(const Field& field, const Node& node, std::string_view where, Value& out) {
  if (field.default_json) {
    const auto node_of_default = parse_json(*field.default_json);
    if (!node_of_default) {
      error(node.mark, "the default of " + in_quotes(field.name) + " in " + std::string(where) + " is no JSON",
            "the plugin is broken");
    } else if (node_of_default->kind != Node::Kind::scalar || scalar_type(*node_of_default) != ScalarType::null ||
               field.type == WEIR_ANY) {
      Node placed = *node_of_default;
      placed.mark = node.mark;  // for a message about a default that its own type refuses
      Value value = this->value(field, placed);
      value.mark = {};
      out.members.emplace_back(field.name, std::move(value));
    }
  } else if (field.is(WEIR_REQUIRED)) {
    error(node.mark, "missing key " + in_quotes(field.name) + " in " + std::string(where), as_hint(field.summary));
  }
}

Value Checker::value(const Field& field, const Node& node) {
  Value out = checked(field, node);
  out.mark = node.mark;
  if (node.secret || field.is(WEIR_SECRET)) make_secret(out);
  return out;
}

Value Checker::checked(const Field& field, const Node& node) {
  if (node.unset) return unset_value(node);
  if (field.is(WEIR_MAP)) return map(field, node);
  return field.is(WEIR_LIST) ? list(field, node) : one(field, node);
}

Value Checker::map(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::map) return expected(field, node);
  Field inner = field;
  inner.flags &= ~static_cast<std::uint32_t>(WEIR_MAP);
  Value out;
  out.type = WEIR_OBJECT;
  for (const Node::Member& member : node.members) {
    inner.name = member.name;
    Node text = member.value;
    // Of a map of texts (such as a client's properties) plain numbers and booleans count as their text.
    const bool scalar = text.kind == Node::Kind::scalar && !text.quoted && scalar_type(text) != ScalarType::null;
    if (scalar && inner.type == WEIR_STRING && !inner.is(WEIR_LIST)) text.quoted = true;
    out.members.emplace_back(member.name, value(inner, text));
  }
  return out;
}

Value Checker::list(const Field& field, const Node& node) {
  if (node.kind != Node::Kind::list) return expected(field, node);
  Field inner = field;
  inner.flags &= ~static_cast<std::uint32_t>(WEIR_LIST);
  Value out;
  out.type = WEIR_ARRAY;
  for (const Node& item : node.items) out.items.push_back(value(inner, item));
  return out;
}

Value Checker::one(const Field& field, const Node& node) {
  if (field.type == WEIR_ANY) return any(node);
  if (is_scalar(field.type)) return node.kind == Node::Kind::scalar ? scalar(field, node) : expected(field, node);
  if (field.type == WEIR_ARRAY) return node.kind == Node::Kind::list ? any(node) : expected(field, node);
  if (node.kind != Node::Kind::map) return expected(field, node);
  if (field.type == WEIR_CONDITION) {
    Value out = any(node);
    out.condition = check_condition(field, node, *this);
    return out;
  }
  if (is_component(field.type)) return {};
  return field.fields.empty() ? any(node) : object(field.fields, node, in_quotes(field.name));
}

Value Checker::scalar(const Field& field, const Node& node) {
  const ScalarType type = scalar_type(node);
  if (field.type == WEIR_DURATION || field.type == WEIR_SIZE) return measure(field, node);
  if (wants_text(field.type)) return type == ScalarType::text ? text(field, node) : expected(field, node);
  if (field.type == WEIR_BOOL && type == ScalarType::boolean) return any(node);
  if (field.type != WEIR_BOOL && type == ScalarType::number) return number(field, node);
  if (field.type == WEIR_NULL && type == ScalarType::null) return {};
  return expected(field, node);
}

Value Checker::text(const Field& field, const Node& node) {
  if (!field.choices.empty() &&
      std::find(field.choices.begin(), field.choices.end(), node.text) == field.choices.end()) {
    const std::vector<std::string_view> known(field.choices.begin(), field.choices.end());
    return refuse(field, node, "unknown value " + shown(node, field),
                  suggestion(node.secret ? "" : node.text, known, "values"));
  }
  if (field.type == WEIR_FILE) return file(field, node);
  Status status;
  if (field.type == WEIR_PATH) {
    status = path_status(field, node.text);
  } else if (field.type == WEIR_REGEX) {
    status = check_regex(node.text);
  } else if (field.type == WEIR_TOPIC && !is_topic_name(node.text)) {
    return refuse(field, node, shown(node, field) + " is no topic's name",
                  "1 to 249 letters, digits, '.', '_' and '-', but not '.' or '..'");
  }
  if (!status.ok()) {
    const bool hidden = node.secret || field.is(WEIR_SECRET);
    return refuse(field, node, shown(node, field) + " is not " + expectation(field),
                  hidden ? std::string() : status.message());
  }
  Value out;
  out.type = WEIR_STRING;
  out.text = node.text;
  return out;
}

Value Checker::file(const Field& field, const Node& node) {
  if (node.text.empty() || node.text.find('\0') != std::string::npos) {
    return refuse(field, node, "expected the path of a file, found " + shown(node, field));
  }
  Value out;
  out.type = WEIR_STRING;
  out.text = (std::filesystem::path(directory_) / node.text).lexically_normal().string();
  return out;
}

Value Checker::number(const Field& field, const Node& node) {
  Value out = number_value(node.text);
  const bool natural = out.type == WEIR_UINT || (out.type == WEIR_INT && out.integer >= 0);
  if (field.type == WEIR_INT && out.type == WEIR_INT) return out;
  if (field.type == WEIR_UINT && natural) return out;
  if (field.type == WEIR_DOUBLE && (out.type != WEIR_DOUBLE || std::isfinite(out.number))) return out;
  return refuse(field, node, "expected " + expectation(field) + ", found " + found(node, field),
                field.type == WEIR_DOUBLE ? "its size must fit a 64-bit floating point number" : "");
}

Value Checker::measure(const Field& field, const Node& node) {
  std::optional<std::int64_t> amount;
  if (field.type == WEIR_DURATION) {
    amount = parse_duration(node.text);
  } else if (const auto bytes = parse_size(node.text)) {
    amount = static_cast<std::int64_t>(*bytes);
  }
  if (!amount) {
    const bool bare = !node.text.empty() &&
                      std::all_of(node.text.begin(), node.text.end(), [](char c) { return c >= '0' && c <= '9'; });
    const std::string example =
        field.type == WEIR_DURATION ? "ms, s, m, h or d" : "B, kB, MB, GB, TB, KiB, MiB, GiB or TiB";
    return refuse(field, node, "expected " + expectation(field) + ", found " + found(node, field),
                  bare ? "add a unit: " + example : "a whole number and one of " + example + ", without a blank");
  }
  return number_value(std::to_string(*amount));
}

Value Checker::any(const Node& node) {
  if (node.unset) return unset_value(node);
  Value out;
  out.mark = node.mark;
  out.secret = node.secret;
  if (node.kind == Node::Kind::list) {
    out.type = WEIR_ARRAY;
    for (const Node& item : node.items) out.items.push_back(any(item));
  } else if (node.kind == Node::Kind::map) {
    out.type = WEIR_OBJECT;
    for (const Node::Member& member : node.members) out.members.emplace_back(member.name, any(member.value));
  } else if (const ScalarType type = scalar_type(node); type == ScalarType::number) {
    const Mark mark = out.mark;
    out = number_value(node.text);
    out.mark = mark;
    out.secret = node.secret;
  } else if (type == ScalarType::boolean) {
    out.type = WEIR_BOOL;
    out.boolean = node.text == "true";
  } else if (type == ScalarType::text) {
    out.type = WEIR_STRING;
    out.text = node.text;
  }
  return out;
}

}  // namespace weir::host::spec
