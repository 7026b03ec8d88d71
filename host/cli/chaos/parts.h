#pragma once
#include <chrono>
#include <functional>

#include "cli/chaos/shared_page.h"
#include "pipeline/task_parts.h"

namespace weir::host::cli::chaos {

using BuildTask = std::function<Result<TaskParts>(const TaskSeat&)>;

/// What the sinks of a pipeline write to.
struct SinkKinds {
  bool dead_letters_are_messages = false;  // else a file
};

/// Makes tasks as `build` does, and changes them:
///
/// - records get a mark (mark.h) when their source gives them, and the source is slowed down to the page's rate;
/// - dead letters keep the mark, whatever else of their record is not shown;
/// - a sink of messages is full while what was put to it has not been read back from the broker.
///
/// The page outlives the tasks. The tasks of one process have the rate together.
[[nodiscard]] BuildTask with_marks(BuildTask build, SharedPage& page, const SinkKinds& kinds);

}  // namespace weir::host::cli::chaos
