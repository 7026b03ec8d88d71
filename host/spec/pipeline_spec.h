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

/// What a dead letter sink is to do with payload.
struct PayloadSpec {
  bool encrypted = false;
  std::string secrets;  // lines, newest first: its own, or the spool's
  Mark mark;            // of `payload`
  Mark secrets_mark;
  bool unset = false;  // (--no-env) payload or secrets have no value
};

/// A configured component: which one, and its checked fields.
struct ComponentSpec {
  const ComponentInfo* info = nullptr;  // the catalog's
  std::string name;                     // of a transform or predicate: unique in the pipeline; else the type
  Value fields;                         // an object
  Mark mark;                            // of the component's mapping
  std::string predicate;                // transforms: name of a predicate, or empty
  bool negate = false;
  bool privacy = false;    // transforms: protects people, by its own capability or by `privacy: true`
  bool at_ingest = false;  // transforms: works before the spool
  Mark at_mark;            // of `at`
  PayloadSpec payload;     // dead letter sinks
};

/// What `spool:` says.
struct SpoolSpec {
  Mark mark;
  std::string path;  // a folder, absolute
  Mark path_mark;
  std::uint64_t max_bytes = std::uint64_t{50} << 30;
  std::chrono::milliseconds max_age = std::chrono::hours(24 * 30);
  std::chrono::milliseconds keep_delivered{0};  // 0: delivered records go at once
  std::string secrets;                          // lines, newest first; empty: records lie there in plain
  Mark secrets_mark;
  bool unset = false;  // (--no-env) some of it has no value
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
  std::optional<SpoolSpec> spool;
  Tolerance tolerance = Tolerance::none;
  std::chrono::milliseconds retry_timeout{300'000};
  std::chrono::milliseconds retry_delay_max{60'000};
  std::uint64_t memory = 64u << 20;  // bytes
  std::chrono::milliseconds offsets_interval{250};
  std::chrono::milliseconds shutdown_timeout{10'000};

  /// Some transform protects people: dead letters then carry no payload, key or headers, unless they are encrypted.
  [[nodiscard]] bool has_privacy_transform() const;
  /// Dead letters carry their record for everyone to read.
  [[nodiscard]] bool shows_dead_payload() const {
    return !has_privacy_transform() && !(dead_letter && dead_letter->payload.encrypted);
  }
  /// So many transforms, the first ones, work before the spool.
  [[nodiscard]] std::size_t ingest_transforms() const;
  /// Tasks with a share of `memory`: tasks_max and, with a spool, the one that empties it.
  [[nodiscard]] std::uint32_t shares() const { return tasks_max + (spool ? 1 : 0); }
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
