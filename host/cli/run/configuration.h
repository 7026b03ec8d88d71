#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "pipeline/worker.h"
#include "plugin/registry.h"
#include "spec/pipeline_spec.h"

namespace weir::host::cli {

/// The pipelines of a run as the files have them at one time, and the plugins they were checked against.
struct Configuration {
  std::shared_ptr<const Registry> registry;
  std::vector<std::shared_ptr<const spec::PipelineSpec>> pipelines;
  std::vector<std::string> files;  // that were read, with those of ${file:}; absolute
};

/// Nothing: something is wrong, and was printed to standard error. [control]
[[nodiscard]] std::optional<Configuration> read_configuration(const CommonOptions& common, const RunOptions& options);

/// One of its pipelines for the worker. The plan keeps what it needs of the configuration. What a component refuses goes to
/// `diagnostics`.
[[nodiscard]] PipelinePlan plan_of(const Configuration& configuration,
                                   const std::shared_ptr<const spec::PipelineSpec>& pipeline, const RunOptions& options,
                                   const std::shared_ptr<spec::Diagnostics>& diagnostics);

/// What its tasks go by.
[[nodiscard]] PipelineSettings settings_of(const spec::PipelineSpec& pipeline);

/// Where a pipeline keeps its positions.
[[nodiscard]] std::unique_ptr<CheckpointStore> store_of(const spec::PipelineSpec& pipeline, const RunOptions& options);

}  // namespace weir::host::cli
