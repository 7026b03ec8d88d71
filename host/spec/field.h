#pragma once
#include <weir/abi.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::host::spec {

/// A configuration field of a component or of the pipeline itself: weir_field of abi.h as a value, independent of the library
/// it came from. `type` is a JSON type or WEIR_DURATION … WEIR_ANY; `flags` WEIR_REQUIRED … WEIR_PLACES.
struct Field {
  std::string name;
  std::uint32_t type = WEIR_STRING;
  std::uint32_t flags = 0;
  std::optional<std::string> default_json;
  std::string summary;
  std::vector<std::string> choices;
  std::vector<Field> fields;  // of an object, or of each object in a list

  [[nodiscard]] bool is(std::uint32_t flag) const { return (flags & flag) != 0; }
};

/// A component as its library declares it.
struct ComponentInfo {
  std::uint32_t kind = 0;  // WEIR_SOURCE … WEIR_SINK
  std::string name;
  std::string version;
  std::string summary;
  std::string details;  // Markdown
  std::uint32_t capabilities = 0;
  std::string library;  // path of the .so
  std::vector<Field> fields;
  bool stands_in = false;  // for one that is not installed: its fields are not known and not judged
};

/// The components that were found. Implemented by host/plugin; by a list in tests.
class Catalog {
 public:
  virtual ~Catalog() = default;
  /// null: no such component.
  [[nodiscard]] virtual const ComponentInfo* find(std::uint32_t kind, std::string_view name) const = 0;
  /// All, sorted by kind and name.
  [[nodiscard]] virtual std::vector<const ComponentInfo*> all() const = 0;
  /// Where they were looked for, for people: "/opt/weir/plugins, build". Empty: not told.
  [[nodiscard]] virtual std::string searched() const { return {}; }
};

/// "source", "transform", "predicate", "sink".
[[nodiscard]] std::string_view kind_name(std::uint32_t kind);

/// What a field takes, for people: "text", "duration", "list of paths", "map of any JSON".
[[nodiscard]] std::string type_name(const Field& field);

}  // namespace weir::host::spec
