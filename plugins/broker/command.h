#pragma once
#include <sys/types.h>

#include <string>

namespace weir::broker {

/// SIGTERM, SIGINT and SIGCHLD wait for the functions below, in this thread and every one it starts. Call it before any other thread.
void hold_signals();

/// Returns at the first SIGTERM or SIGINT.
void wait_for_end();

/// Runs a command (arguments end with a null pointer) with WEIR_BOOTSTRAP set and passes SIGTERM and SIGINT on to it. Returns its
/// exit code, 128 + N when signal N ended it, 127 when it is not there, 126 when it cannot be run.
[[nodiscard]] int run_command(char* const* arguments, const std::string& bootstrap);

}  // namespace weir::broker
