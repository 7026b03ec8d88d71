#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/load.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const spec::ComponentInfo& component) {
  return {{"kind", spec::kind_name(component.kind)},
          {"name", component.name},
          {"version", component.version},
          {"summary", component.summary},
          {"library", component.library}};
}

Json to_json(const spec::Field& field) {
  Json json = {{"name", field.name},
               {"type", spec::type_name(field)},
               {"required", field.is(WEIR_REQUIRED) && !field.default_json},
               {"summary", field.summary}};
  if (field.default_json) json["default"] = Json::parse(*field.default_json, nullptr, false);
  if (!field.choices.empty()) json["choices"] = field.choices;
  if (field.is(WEIR_SECRET)) json["secret"] = true;
  if (field.is(WEIR_DEPRECATED)) json["deprecated"] = true;
  if (field.is(WEIR_OUTPUT)) json["written"] = true;
  if (field.is(WEIR_PLACES)) json["wildcards"] = true;
  for (const spec::Field& nested : field.fields) json["fields"].push_back(to_json(nested));
  return json;
}

/// What `weir plugins NAME` documents.
Json to_full_json(const spec::ComponentInfo& component) {
  Json json = to_json(component);
  json["details"] = component.details;
  json["fields"] = Json::array();
  for (const spec::Field& field : component.fields) json["fields"].push_back(to_json(field));
  return json;
}

bool is_of_kind(const spec::ComponentInfo& component, const std::string& kind) {
  return kind.empty() || spec::kind_name(component.kind) == kind;
}

void complain_about_name(const PluginsOptions& options, const Registry& registry) {
  std::vector<std::string_view> known;
  for (const auto* component : registry.all()) {
    if (is_of_kind(*component, options.kind)) known.push_back(component->name);
  }
  const std::string kind = options.kind.empty() ? "component" : options.kind;
  const std::string_view near = spec::nearest(options.name, known);
  const std::string hint = near.empty() ? "`weir plugins` lists all" : "did you mean " + spec::in_quotes(near) + "?";
  complain("no " + kind + " is named " + spec::in_quotes(options.name) + "; " + hint, kExitUsage);
}

void print_table(const std::vector<const spec::ComponentInfo*>& components) {
  int name_width = 4;
  for (const auto* component : components) name_width = std::max(name_width, static_cast<int>(component->name.size()));
  std::printf("%-10s %-*s %-8s %s\n", "KIND", name_width, "NAME", "VERSION", "LIBRARY");
  for (const auto* component : components) {
    std::printf("%-10s %-*s %-8s %s\n", std::string(spec::kind_name(component->kind)).c_str(), name_width,
                component->name.c_str(), component->version.c_str(), component->library.c_str());
  }
}

}  // namespace

int plugins(const CommonOptions& common, const PluginsOptions& options) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  std::vector<const spec::ComponentInfo*> chosen;
  for (const auto* component : registry->all()) {
    const bool named = options.name.empty() || component->name == options.name;
    if (named && is_of_kind(*component, options.kind)) chosen.push_back(component);
  }
  if (chosen.empty() && !options.name.empty()) {
    complain_about_name(options, *registry);
    return kExitUsage;
  }
  if (options.json) {
    Json list = Json::array();
    for (const auto* component : chosen)
      list.push_back(options.name.empty() ? to_json(*component) : to_full_json(*component));
    std::printf("%s\n", list.dump(2).c_str());
  } else if (options.name.empty()) {
    print_table(chosen);
  } else {
    for (const auto* component : chosen) std::printf("%s\n", spec::component_page(*component).c_str());
  }
  return kExitDone;
}

int schema(const CommonOptions& common) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  std::printf("%s\n", spec::json_schema(*registry).c_str());
  return kExitDone;
}

}  // namespace weir::host::cli
