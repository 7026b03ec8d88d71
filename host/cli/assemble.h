#pragma once
#include <optional>

#include "pipeline/task_parts.h"
#include "plugin/registry.h"
#include "spec/pipeline_spec.h"

namespace weir::host::cli {

/// Makes every component of one task, of a leg without what its spool is for it: runs their constructors, opens nothing. What a component refuses goes to `diagnostics` at the
/// place of the field it names, and nothing is returned. [control]
[[nodiscard]] std::optional<TaskParts> assemble(const spec::PipelineSpec& pipeline, const Registry& registry,
                                                const TaskSeat& seat, spec::Diagnostics& diagnostics);

/// The same without source and sinks: what `weir try` runs.
[[nodiscard]] std::optional<TaskParts> assemble_transforms(const spec::PipelineSpec& pipeline, const Registry& registry,
                                                           const TaskSeat& seat, spec::Diagnostics& diagnostics);

}  // namespace weir::host::cli
