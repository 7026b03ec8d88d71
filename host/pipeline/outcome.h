#pragma once
#include <string>

namespace weir::host {

enum class RunState { running, finished, stopped, failed };

/// How a task or pipeline ended.
struct Outcome {
  RunState state = RunState::running;
  std::string error;  // of a failed one, or of a stopped one that leaves records behind; never record data
  bool exact = true;  // whatever is still in flight will be read again from its source
};

}  // namespace weir::host
