#pragma once
#include <memory>

#include "cli/dlq/source.h"
#include "pipeline/task_parts.h"

namespace weir::host::cli {

/// Turns the parts of an ordinary task into those of a replay, which outlives neither `setup` nor the others:
///
/// - the source gives letters;
/// - the first `before_spool` transforms do not see the records that had gone through the spool: they saw them then;
/// - behind the transforms, what is not wanted (LettersOnTheWay::wants) is filtered;
/// - before the dead letter sink, what is not wanted is acknowledged without being written: it was delivered before;
/// - when it is dry, both sinks only count, and standard output tells which letters would be bad again.
void make_replay(TaskParts& parts, LetterSource::Setup& setup, LettersOnTheWay& on_the_way, LetterCounts& counts,
                 Positions& positions, std::size_t largest_record, std::size_t before_spool);

}  // namespace weir::host::cli
