#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli/load.h"

namespace weir::host::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const spec::ComponentInfo& component) {
  return {{"kind", spec::kind_name(component.kind)}, {"name", component.name},       {"version", component.version},
          {"summary", component.summary},            {"library", component.library}};
}

void print_table(const std::vector<const spec::ComponentInfo*>& components) {
  int name_width = 4;
  for (const auto* component : components) name_width = std::max(name_width, static_cast<int>(component->name.size()));
  std::printf("%-10s %-*s %-8s %s\n", "KIND", name_width, "NAME", "VERSION", "LIBRARY");
  for (const auto* component : components) {
    std::printf("%-10s %-*s %-8s %s\n", std::string(spec::kind_name(component->kind)).c_str(), name_width, component->name.c_str(),
                component->version.c_str(), component->library.c_str());
  }
}

}  // namespace

int plugins(const CommonOptions& common, const PluginsOptions& options) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  std::vector<const spec::ComponentInfo*> chosen;
  for (const auto* component : registry->all()) {
    const bool named = options.name.empty() || component->name == options.name;
    const bool of_kind = options.kind.empty() || spec::kind_name(component->kind) == options.kind;
    if (named && of_kind) chosen.push_back(component);
  }
  if (chosen.empty() && !options.name.empty()) {
    std::fprintf(stderr, "weir: error: no component is named '%s'; `weir plugins` lists all\n", options.name.c_str());
    return kExitUsage;
  }
  if (options.json) {
    Json list = Json::array();
    for (const auto* component : chosen) list.push_back(to_json(*component));
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
