#include "test_catalog.h"

#include <algorithm>
#include <tuple>

namespace weir::host::spec {
namespace {

Field field(std::string name, std::uint32_t type, std::uint32_t flags = 0, std::optional<std::string> default_json = {},
            std::vector<std::string> choices = {}) {
  Field out;
  out.summary = "The " + name + ".";
  out.name = std::move(name);
  out.type = type;
  out.flags = flags;
  out.default_json = std::move(default_json);
  out.choices = std::move(choices);
  return out;
}

Field group(std::string name, std::uint32_t flags, std::vector<Field> fields) {
  Field out = field(std::move(name), WEIR_OBJECT, flags);
  out.fields = std::move(fields);
  return out;
}

ComponentInfo component(std::uint32_t kind, std::string name, std::uint32_t capabilities, std::vector<Field> fields) {
  ComponentInfo info;
  info.kind = kind;
  info.name = std::move(name);
  info.version = "1.0.0";
  info.summary = "Does what " + info.name + " does.";
  info.details = "It does it well.";
  info.capabilities = capabilities;
  info.library = "/none.so";
  info.fields = std::move(fields);
  return info;
}

void add_sources(std::vector<ComponentInfo>& out) {
  out.push_back(component(WEIR_SOURCE, "file", WEIR_RESUMABLE,
                          {field("path", WEIR_FILE, WEIR_REQUIRED), field("follow", WEIR_BOOL, 0, "false"),
                           field("start_at", WEIR_STRING, 0, R"("beginning")", {"beginning", "end"}),
                           field("max_line_bytes", WEIR_SIZE, 0, R"("1MiB")")}));
  out.push_back(
      component(WEIR_SOURCE, "generate", WEIR_RESUMABLE,
                {field("shape", WEIR_STRING, 0, R"("event")", {"event", "batch"}), field("count", WEIR_INT, 0, "1000"),
                 field("rate", WEIR_DOUBLE, 0, "0"), field("seed", WEIR_INT, 0, "1")}));
  out.push_back(component(WEIR_SOURCE, "stdin", WEIR_EXCLUSIVE, {field("max_line_bytes", WEIR_SIZE, 0, R"("1MiB")")}));
}

void add_transforms(std::vector<ComponentInfo>& out) {
  out.push_back(component(WEIR_TRANSFORM, "filter", WEIR_TOMBSTONES | WEIR_STATELESS,
                          {field("drop_when", WEIR_CONDITION), field("keep_when", WEIR_CONDITION)}));
  out.push_back(component(WEIR_TRANSFORM, "redact", WEIR_PRIVACY | WEIR_STATELESS,
                          {field("secret", WEIR_STRING, WEIR_SECRET),
                           group("rules", WEIR_REQUIRED | WEIR_LIST,
                                 {field("field", WEIR_PATH, WEIR_REQUIRED | WEIR_PLACES),
                                  field("action", WEIR_STRING, WEIR_REQUIRED, {},
                                        {"remove", "replace", "mask", "truncate_ip", "hash", "pseudonymize"}),
                                  field("with", WEIR_ANY), field("keep", WEIR_INT, 0, "0"), field("char", WEIR_STRING),
                                  field("normalize", WEIR_STRING, 0, {}, {"none", "lower_trim"})})}));
  out.push_back(component(WEIR_TRANSFORM, "remove", WEIR_STATELESS,
                          {field("fields", WEIR_PATH, WEIR_REQUIRED | WEIR_LIST | WEIR_PLACES)}));
  out.push_back(
      component(WEIR_TRANSFORM, "set", WEIR_STATELESS,
                {field("field", WEIR_PATH, WEIR_REQUIRED | WEIR_PLACES), field("value", WEIR_ANY, WEIR_REQUIRED)}));
  out.push_back(component(WEIR_TRANSFORM, "router", 0,
                          {group("routes", WEIR_REQUIRED | WEIR_LIST, {field("topic", WEIR_TOPIC, WEIR_REQUIRED)}),
                           field("other", WEIR_STRING)}));
  out.push_back(
      component(WEIR_TRANSFORM, "sampler", 0,
                {field("flag", WEIR_BOOL),
                 field("integer", WEIR_INT),
                 field("natural", WEIR_UINT),
                 field("number", WEIR_DOUBLE),
                 field("text", WEIR_STRING),
                 field("duration", WEIR_DURATION),
                 field("size", WEIR_SIZE),
                 field("file", WEIR_FILE),
                 field("regex", WEIR_REGEX),
                 field("path", WEIR_PATH),
                 field("places", WEIR_PATH, WEIR_PLACES),
                 field("condition", WEIR_CONDITION),
                 field("topic", WEIR_TOPIC),
                 field("any", WEIR_ANY),
                 field("texts", WEIR_STRING, WEIR_LIST),
                 field("properties", WEIR_STRING, WEIR_MAP),
                 field("secrets", WEIR_STRING, WEIR_MAP | WEIR_SECRET),
                 field("lists", WEIR_INT, WEIR_MAP | WEIR_LIST),
                 group("partitions", 0, {field("count", WEIR_UINT, WEIR_REQUIRED), field("factor", WEIR_UINT, 0, "3")}),
                 field("old", WEIR_BOOL, WEIR_DEPRECATED),
                 field("pin", WEIR_INT, WEIR_SECRET),
                 field("vault", WEIR_ANY, WEIR_SECRET),
                 field("nothing", WEIR_STRING, 0, "null"),
                 field("outputs", WEIR_FILE, WEIR_MAP | WEIR_LIST | WEIR_OUTPUT)}));
}

void add_predicates_and_sinks(std::vector<ComponentInfo>& out) {
  out.push_back(component(WEIR_PREDICATE, "condition", 0, {field("when", WEIR_CONDITION, WEIR_REQUIRED)}));
  out.push_back(component(WEIR_PREDICATE, "field_equals", 0,
                          {field("field", WEIR_PATH, WEIR_REQUIRED), field("value", WEIR_ANY, WEIR_REQUIRED)}));
  out.push_back(component(WEIR_PREDICATE, "has_header", 0, {field("name", WEIR_STRING, WEIR_REQUIRED)}));
  out.push_back(component(WEIR_PREDICATE, "is_tombstone", WEIR_TOMBSTONES, {}));
  const Field format = field("format", WEIR_STRING, 0, {}, {"value", "envelope"});
  out.push_back(component(WEIR_SINK, "discard", 0, {}));
  out.push_back(
      component(WEIR_SINK, "file", WEIR_DURABLE, {field("path", WEIR_FILE, WEIR_REQUIRED | WEIR_OUTPUT), format}));
  out.push_back(component(WEIR_SINK, "kafka", WEIR_DURABLE,
                          {field("topic", WEIR_TOPIC, WEIR_REQUIRED), field("key", WEIR_PATH),
                           field("config", WEIR_ANY, WEIR_REQUIRED | WEIR_MAP | WEIR_SECRET)}));
  out.push_back(component(WEIR_SINK, "stdout", 0, {format}));
}

}  // namespace

TestCatalog::TestCatalog() {
  add_sources(components_);
  add_transforms(components_);
  add_predicates_and_sinks(components_);
  std::sort(components_.begin(), components_.end(),
            [](const auto& a, const auto& b) { return std::tie(a.kind, a.name) < std::tie(b.kind, b.name); });
}

const ComponentInfo* TestCatalog::find(std::uint32_t kind, std::string_view name) const {
  for (const ComponentInfo& info : components_) {
    if (info.kind == kind && info.name == name) return &info;
  }
  return nullptr;
}

std::vector<const ComponentInfo*> TestCatalog::all() const {
  std::vector<const ComponentInfo*> out;
  for (const ComponentInfo& info : components_) out.push_back(&info);
  return out;
}

}  // namespace weir::host::spec
