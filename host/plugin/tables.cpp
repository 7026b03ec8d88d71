#include "plugin/tables.h"

#include <algorithm>
#include <array>
#include <set>

#include "abi/table.h"
#include "plugin/fields.h"

namespace weir::host::plugin {
namespace {

constexpr std::size_t kMaxComponents = 1000;

/// What a component's table says of itself, whatever its kind.
struct TableFacts {
  std::uint32_t capabilities = 0;
  const char* missing = nullptr;  // a function that must be there and is not
};

struct Required {
  const char* name;
  bool there;
};

template <std::size_t N>
const char* first_missing(const std::array<Required, N>& functions) {
  const auto missing =
      std::find_if(functions.begin(), functions.end(), [](const Required& function) { return !function.there; });
  return missing == functions.end() ? nullptr : missing->name;
}

TableFacts source_facts(const void* table) {
  const auto source = abi::read_table<weir_source>(table);
  return {source.capabilities, first_missing(std::array<Required, 6>{{{"create", source.create != nullptr},
                                                                      {"destroy", source.destroy != nullptr},
                                                                      {"start", source.start != nullptr},
                                                                      {"poll", source.poll != nullptr},
                                                                      {"wake", source.wake != nullptr},
                                                                      {"stop", source.stop != nullptr}}})};
}

TableFacts transform_facts(const void* table) {
  const auto transform = abi::read_table<weir_transform>(table);
  return {transform.capabilities, first_missing(std::array<Required, 3>{{{"create", transform.create != nullptr},
                                                                         {"destroy", transform.destroy != nullptr},
                                                                         {"apply", transform.apply != nullptr}}})};
}

TableFacts predicate_facts(const void* table) {
  const auto predicate = abi::read_table<weir_predicate>(table);
  return {predicate.capabilities, first_missing(std::array<Required, 3>{{{"create", predicate.create != nullptr},
                                                                         {"destroy", predicate.destroy != nullptr},
                                                                         {"test", predicate.test != nullptr}}})};
}

TableFacts sink_facts(const void* table) {
  const auto sink = abi::read_table<weir_sink>(table);
  return {sink.capabilities, first_missing(std::array<Required, 6>{{{"create", sink.create != nullptr},
                                                                    {"destroy", sink.destroy != nullptr},
                                                                    {"start", sink.start != nullptr},
                                                                    {"put", sink.put != nullptr},
                                                                    {"flush", sink.flush != nullptr},
                                                                    {"stop", sink.stop != nullptr}}})};
}

TableFacts facts_of(std::uint32_t kind, const void* table) {
  switch (kind) {
    case WEIR_SOURCE:
      return source_facts(table);
    case WEIR_TRANSFORM:
      return transform_facts(table);
    case WEIR_PREDICATE:
      return predicate_facts(table);
    default:
      return sink_facts(table);
  }
}

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

Status check_head(const weir_component& component) {
  if (component.struct_size < sizeof(weir_component)) return Status::data("a component's description is too short");
  if (component.kind < WEIR_SOURCE || component.kind > WEIR_SINK) {
    return Status::data("a component is of kind " + std::to_string(component.kind) + ", which this host does not know");
  }
  if (component.name == nullptr || !is_lower_snake_case(component.name))
    return Status::data("a component's name is not lower_snake_case");
  return {};
}

Result<LoadedComponent> read_component(const weir_component* described, const std::string& library) {
  if (described == nullptr) return Status::data("one of its components is NULL");
  LoadedComponent loaded;
  loaded.component = abi::read_table<weir_component>(described);
  if (Status head = check_head(loaded.component); !head.ok()) return head;
  const weir_component& component = loaded.component;
  const std::string title = std::string(spec::kind_name(component.kind)) + " '" + component.name + "'";
  if (component.table == nullptr) return Status::data(title + " has no table");
  const TableFacts facts = facts_of(component.kind, component.table);
  if (facts.missing != nullptr) return Status::data(title + " has no function " + facts.missing);
  auto fields = read_fields(component);
  if (!fields) return Status::data(title + ": " + fields.status().message());
  loaded.info = {component.kind,
                 component.name,
                 text_or_empty(component.version),
                 text_or_empty(component.summary),
                 text_or_empty(component.details),
                 facts.capabilities,
                 library,
                 *std::move(fields)};
  return loaded;
}

}  // namespace

Result<std::vector<LoadedComponent>> read_plugin(const weir_plugin& exported, const std::string& library) {
  const auto plugin = abi::read_table<weir_plugin>(&exported);
  if (plugin.struct_size < sizeof(weir_plugin)) return Status::data("its description is too short");
  if (plugin.minor > WEIR_ABI_MINOR) {
    return Status::data("needs ABI minor " + std::to_string(plugin.minor) + ", this host has " +
                        std::to_string(WEIR_ABI_MINOR) +
                        ": take a newer host, or build the plugin with a lower WEIR_ABI_TARGET");
  }
  if (plugin.component_count == 0 || plugin.component_count > kMaxComponents || plugin.components == nullptr) {
    return Status::data("it lists no components, or more than " + std::to_string(kMaxComponents));
  }
  std::vector<LoadedComponent> components;
  std::set<std::pair<std::uint32_t, std::string>> seen;
  for (std::size_t i = 0; i < plugin.component_count; ++i) {
    auto loaded = read_component(plugin.components[i], library);
    if (!loaded) return loaded.status();
    if (!seen.emplace(loaded->info.kind, loaded->info.name).second) {
      return Status::data("it has two components named '" + loaded->info.name + "' of one kind");
    }
    components.push_back(*std::move(loaded));
  }
  return components;
}

}  // namespace weir::host::plugin
