#pragma once
#include "spec/check.h"
#include "spec/pipeline_spec.h"

namespace weir::host::spec {

/// The checked mapping of `spool:`; what goes beyond its table and is wrong goes to the checker.
[[nodiscard]] SpoolSpec check_spool(const Value& value, Checker& checker);

/// The secrets of an `encryption_secret`: one a line, none too short. What is wrong goes to the checker.
void check_secrets(const Value& value, Checker& checker);

/// Which transforms work before the spool: the first ones, and none without a spool. Warns of what would lie on disk that transforms
/// behind it are to protect.
void check_ingest(const PipelineSpec& pipeline, Checker& checker);

}  // namespace weir::host::spec
