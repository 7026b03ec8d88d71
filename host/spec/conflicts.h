#pragma once
#include <functional>
#include <string>
#include <vector>

#include "spec/node.h"
#include "spec/pipeline_spec.h"

namespace weir::host::spec {

/// Names the file of an absolute, normalised path: equal names are one file.
using FileIdentity = std::function<std::string(const std::string& path)>;
/// The path itself: nothing outside is asked, links are not followed.
[[nodiscard]] std::string by_path(const std::string& path);

/// What the pipelines of one run must not have in common; complained about at the second place.
///
/// - A file that two components write, or that one writes and another of its pipeline reads: an error. Read by another pipeline: a
///   warning. Pipelines whose sinks and sources lead back to where they began: an error at the source of the first one.
/// - The folder of a spool, used by anything else, or anything within it: an error.
/// - A component of what the process has once (WEIR_EXCLUSIVE), used twice: an error.
///
/// Devices, files whose identity begins with /dev/, may be shared.
void check_conflicts(const std::vector<PipelineSpec>& pipelines, const FileIdentity& identity,
                     Diagnostics& diagnostics);

/// The files that the components of a pipeline write, absolute.
[[nodiscard]] std::vector<std::string> files_written(const PipelineSpec& pipeline);

}  // namespace weir::host::spec
