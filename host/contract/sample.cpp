#include "contract/sample.h"

#include <algorithm>

namespace weir::host::contract {
namespace {

using spec::Node;
using spec::Value;

Node text(std::string words) {
  Node node;
  node.text = std::move(words);
  node.quoted = true;
  return node;
}

Node plain(std::string words) {
  Node node;
  node.text = std::move(words);
  return node;
}

Node collection(Node::Kind kind) {
  Node node;
  node.kind = kind;
  return node;
}

void add(Node& map, std::string name, Node value) { map.members.push_back({std::move(name), {}, std::move(value)}); }

Node sample_of(const spec::Field& field);

Node sample_of_fields(const std::vector<spec::Field>& fields) {
  Node map = collection(Node::Kind::map);
  for (const spec::Field& field : fields) {
    if (field.is(WEIR_REQUIRED) && !field.default_json) add(map, field.name, sample_of(field));
  }
  return map;
}

Node sample_condition() {
  Node map = collection(Node::Kind::map);
  add(map, "field", text("field"));
  add(map, "exists", plain("true"));
  return map;
}

Node sample_scalar(const spec::Field& field) {
  if (!field.choices.empty()) return text(field.choices.front());
  switch (field.type) {
    case WEIR_BOOL:
      return plain("true");
    case WEIR_INT:
    case WEIR_UINT:
    case WEIR_DOUBLE:
      return plain("1");
    case WEIR_DURATION:
      return text("1s");
    case WEIR_SIZE:
      return text("1MiB");
    case WEIR_FILE:
      return text(field.is(WEIR_OUTPUT) ? "output" : kSampleFile);
    case WEIR_REGEX:
      return text("a");
    case WEIR_PATH:
      return text("field");
    case WEIR_TOPIC:
      return text("weir-check");
    default:
      return text("weir-check-0123456789abcdef");  // also long enough for a secret
  }
}

Node sample_one(const spec::Field& field) {
  if (field.type == WEIR_CONDITION) return sample_condition();
  if (field.type == WEIR_OBJECT) return sample_of_fields(field.fields);
  if (field.type == WEIR_ARRAY) return collection(Node::Kind::list);
  return sample_scalar(field);
}

Node sample_of(const spec::Field& field) {
  if (field.is(WEIR_MAP)) return collection(Node::Kind::map);  // which names are known only the component knows
  if (!field.is(WEIR_LIST)) return sample_one(field);
  Node list = collection(Node::Kind::list);
  list.items.push_back(sample_one(field));
  return list;
}

/// "a.b" and not "a[0].b", "*" or "some text".
bool is_plain_path(std::string_view path) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !path.empty() && path.size() < 200 && path.front() != '.' && path.back() != '.' &&
         path.find("..") == std::string_view::npos && std::all_of(path.begin(), path.end(), is_part);
}

void collect_paths(const Value& value, std::vector<std::string>& out) {
  if (value.type == WEIR_STRING && !value.secret && is_plain_path(value.text)) out.push_back(value.text);
  for (const Value& item : value.items) collect_paths(item, out);
  for (const auto& [name, member] : value.members) collect_paths(member, out);
}

Value value_of(std::uint32_t type, std::string words) {
  Value value;
  value.type = type;
  value.text = std::move(words);
  return value;
}

/// Makes the objects on the way; a path through what is there already and is no object leaves it.
void put(Value& object, std::string_view path, const Value& leaf) {
  const std::size_t dot = path.find('.');
  const std::string name(path.substr(0, dot));
  auto member =
      std::find_if(object.members.begin(), object.members.end(), [&](const auto& m) { return m.name == name; });
  if (member == object.members.end()) {
    const bool last = dot == std::string_view::npos;
    object.members.emplace_back(name, last ? leaf : value_of(WEIR_OBJECT, {}));
    member = object.members.end() - 1;
  }
  if (dot != std::string_view::npos && member->value.type == WEIR_OBJECT)
    put(member->value, path.substr(dot + 1), leaf);
}

}  // namespace

std::string sample_lines() {
  std::string lines;
  for (std::size_t i = 0; i < 5; ++i) lines += sample_value({}, i) + "\n";
  return lines;
}

Node sample_configuration(const spec::ComponentInfo& component) {
  Node node = sample_of_fields(component.fields);
  add(node, "type", text(component.name));
  return node;
}

std::string sample_value(const Value& configuration, std::size_t number) {
  Value leaf = value_of(WEIR_STRING, "203.0.113." + std::to_string(number % 250));
  if (number % 2 == 1) leaf = value_of(WEIR_DOUBLE, std::to_string(number) + ".5");  // for who refuses texts
  std::vector<std::string> paths{"field"};
  collect_paths(configuration, paths);
  Value object = value_of(WEIR_OBJECT, {});
  put(object, "sample_number", value_of(WEIR_INT, std::to_string(number)));
  for (const std::string& path : paths) put(object, path, leaf);
  return object.json();
}

}  // namespace weir::host::contract
