#pragma once
#include <optional>

#include "pipeline/task_parts.h"
#include "plugin/registry.h"
#include "spec/pipeline_spec.h"

namespace weir::host::cli {

/// Which task of a pipeline is made, and what of it exists before its components.
struct TaskSeat {
  std::uint32_t task = 0;
  std::uint32_t count = 1;
  std::uint64_t memory = 0;        // this task's share, bytes
  Positions* positions = nullptr;
};

/// Makes every component of one task: runs their constructors, opens nothing. What a component refuses goes to `diagnostics` at the
/// place of the field it names, and nothing is returned. [control]
[[nodiscard]] std::optional<TaskParts> assemble(const spec::PipelineSpec& pipeline, const Registry& registry, const TaskSeat& seat,
                                                spec::Diagnostics& diagnostics);

/// The same without source and sinks: what `weir try` runs.
[[nodiscard]] std::optional<TaskParts> assemble_transforms(const spec::PipelineSpec& pipeline, const Registry& registry, const TaskSeat& seat,
                                                           spec::Diagnostics& diagnostics);

}  // namespace weir::host::cli
