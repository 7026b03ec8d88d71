#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "plugin/registry.h"
#include "spec/conflicts.h"
#include "spec/pipeline_spec.h"

namespace weir::host::cli {

/// The plugins a command found. Problems are printed: warnings go to the log, errors make it null (exit 2).
[[nodiscard]] std::unique_ptr<Registry> load_plugins(const CommonOptions& common);

struct LoadOptions {
  bool allow_unset = false;                          // variables without a value and missing ${file:} pass
  spec::FileIdentity file_identity = spec::by_path;  // when two paths are one file
  std::vector<std::string>* files_read = nullptr;    // gets the files, and those of ${file:}
};

/// The checked pipelines of the files and folders, or nothing when something is wrong, all of which is then printed to standard error.
[[nodiscard]] std::optional<std::vector<spec::PipelineSpec>> load_pipelines(const std::vector<std::string>& paths,
                                                                            const spec::Catalog& catalog,
                                                                            const LoadOptions& options);

/// The same without printing: what is wrong goes to `diagnostics`.
[[nodiscard]] std::vector<spec::PipelineSpec> check_files(const std::vector<std::string>& paths,
                                                          const spec::Catalog& catalog, const LoadOptions& options,
                                                          spec::Diagnostics& diagnostics);

/// With allow_unset a value that was not there was not judged, so constructors cannot be run on it.
[[nodiscard]] bool was_judged(const spec::ComponentSpec& component);
[[nodiscard]] bool were_judged(const std::vector<spec::ComponentSpec>& components);

/// Prints diagnostics to standard error, one a line; with --log-format json as lines of the log.
void print(const spec::Diagnostics& diagnostics);
/// What came of making components: the diagnostics, and where these do not say what is wrong, the status.
void print_refusal(const Status& status, const spec::Diagnostics& diagnostics);

}  // namespace weir::host::cli
