#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/field.h"
#include "spec/node.h"
#include "spec/value.h"

namespace weir::host::spec {

/// A configured component: which one, and its checked fields.
struct ComponentSpec {
  const ComponentInfo* info = nullptr;  // the catalog's
  std::string name;                     // of a transform or predicate: unique in the pipeline; else the type
  Value fields;                         // an object
  Mark mark;                            // of the component's mapping
  std::string predicate;                // transforms: name of a predicate, or empty
  bool negate = false;
  bool privacy = false;  // transforms: protects people, by its own capability or by `privacy: true`
};

enum class Tolerance { none, all };

/// One pipeline of a configuration file, checked against the catalog (design section 7).
struct PipelineSpec {
  std::string file;
  Mark mark;
  std::string name;
  std::uint32_t tasks_max = 1;
  std::uint32_t transform_threads = 0;  // of each task, beside its own; 0: that one transforms
  ComponentSpec source;
  std::vector<ComponentSpec> transforms;
  std::vector<ComponentSpec> predicates;
  ComponentSpec sink;
  std::optional<ComponentSpec> dead_letter;
  Tolerance tolerance = Tolerance::none;
  std::chrono::milliseconds retry_timeout{300'000};
  std::chrono::milliseconds retry_delay_max{60'000};
  std::uint64_t memory = 64u << 20;  // bytes
  std::chrono::milliseconds offsets_interval{250};
  std::chrono::milliseconds shutdown_timeout{10'000};

  /// Some transform protects people: dead letters then carry no payload, key or headers.
  [[nodiscard]] bool has_privacy_transform() const;
  /// What the transforms have in fields of type WEIR_TOPIC, in the file's order, each once: where records may go.
  [[nodiscard]] std::vector<std::string> declared_topics() const;
};

/// Checks the documents of one file. Everything wrong goes to `diagnostics`; pipelines with errors are left out, and
/// (--no-env) with a warning those whose types are not known.
/// `directory`: absolute, what relative paths are relative to.
[[nodiscard]] std::vector<PipelineSpec> check_pipelines(const std::vector<Node>& documents, const std::string& file,
                                                        const std::string& directory, const Catalog& catalog,
                                                        Diagnostics& diagnostics);

/// Pipeline names are unique in a run, whatever the file and whether or not the rest of the pipeline is right.
class PipelineNames {
 public:
  /// The documents of one more file; a name seen before is an error at the second one.
  void add(const std::vector<Node>& documents, const std::string& file, Diagnostics& diagnostics);

 private:
  std::map<std::string, std::string> places_;  // name to "file:line"
};

/// JSON Schema (draft 2020-12) of a configuration file with all components of the catalog, for editors. Pretty-printed.
[[nodiscard]] std::string json_schema(const Catalog& catalog);

/// The documentation page of a component (Markdown), as docs/plugins/ holds it and `weir plugins NAME` shows it.
[[nodiscard]] std::string component_page(const ComponentInfo& component);

}  // namespace weir::host::spec
