#pragma once
#include <vector>

#include "spec/node.h"
#include "spec/pipeline_spec.h"

namespace weir::host::spec {

/// What the pipelines of one run must not have in common; complained about at the second place.
///
/// - A file that two components write, or that one writes and another of its pipeline reads: an error. Read by another pipeline: a
///   warning.
/// - A component of what the process has once (WEIR_EXCLUSIVE), used twice: an error.
///
/// Files are the same when their absolute, normalised paths are: nothing is opened, links are not followed. Devices may be shared.
void check_conflicts(const std::vector<PipelineSpec>& pipelines, Diagnostics& diagnostics);

}  // namespace weir::host::spec
