#pragma once
#include <weir/abi.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "errors/status.h"
#include "spec/field.h"

namespace weir::host {

/// A folder to search for plugins.
struct PluginFolder {
  std::string path;
  bool own = false;  // Weir's own: a .so in it that is no plugin is an error, elsewhere a warning
};

/// The plugins of the process: finds `*.so`, verifies each file before it is loaded (design section 5), loads it, checks its
/// tables, lists its components. Nothing is ever unloaded. A further registry of the same process finds what has changed on disk since, and
/// shares the rest with the first. [control]
class Registry final : public spec::Catalog {
 public:
  Registry();
  ~Registry() override;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  /// Loads all of a folder, in name order. The same file seen again counts once; two different libraries with one kind and name
  /// are an error. What is wrong is in errors() and warnings(); a refused library does no harm and the others still load.
  void load_folder(const PluginFolder& folder);
  /// Loads one library; OK also when it was loaded already.
  Status load(const std::string& file);

  [[nodiscard]] const spec::ComponentInfo* find(std::uint32_t kind, std::string_view name) const override;
  [[nodiscard]] std::vector<const spec::ComponentInfo*> all() const override;
  [[nodiscard]] std::string searched() const override;
  /// The table behind a component of this registry: weir_source, weir_transform, weir_predicate or weir_sink by kind.
  [[nodiscard]] const weir_component* component(const spec::ComponentInfo& info) const;

  /// Makes the memory of a component's library the process's own: whoever writes over the file does nothing to what runs. Before any of
  /// its code runs. Not where WEIR_KEEP_MAPPED is set: debuggers and profilers find names by the file. [control]
  void detach(const spec::ComponentInfo& info) const;
  /// The same for every library that no component is used of.
  void detach_all() const;

  [[nodiscard]] const std::vector<std::string>& errors() const;
  [[nodiscard]] const std::vector<std::string>& warnings() const;

 private:
  struct Loaded;
  std::unique_ptr<Loaded> loaded_;
};

/// Where plugins are looked for: beside the program (build tree `../plugins`, installed `../lib/weir/plugins`), then `--plugins`,
/// then $WEIR_PLUGINS (':'-separated).
[[nodiscard]] std::vector<PluginFolder> plugin_folders(const std::vector<std::string>& from_command_line);

}  // namespace weir::host
