#pragma once
#include "cli/dlq/dlq.h"

namespace CLI {
class App;
}

namespace weir::host::cli {

/// `weir dlq` and its commands. `options` outlives the parsing.
CLI::App* add_dlq(CLI::App& app, DlqOptions& options);

/// Runs the command of `weir dlq` that was given.
int dlq(const CLI::App& command, const CommonOptions& common, const DlqOptions& options);

}  // namespace weir::host::cli
