#pragma once
#include <memory>

#include "admin/server.h"
#include "cli/admin/taps.h"
#include "cli/commands.h"
#include "cli/run/reload.h"

namespace weir::host::cli {

/// What `weir run --admin` serves: /metrics, /health/live, /health/ready, /pipelines, /pipelines/NAME/tap. Without the option it
/// does nothing. [control]
class Admin {
 public:
  /// All outlive it.
  Admin(const RunOptions& options, const Worker& worker, const ReloadCounts& reloads);

  /// Serves from here on. Not OK: the address is none, is for others to reach and that was not allowed, or is taken.
  [[nodiscard]] Status open();

 private:
  [[nodiscard]] admin::Answer answer(const admin::Request& request);
  [[nodiscard]] admin::Answer answer_pipelines(const admin::Request& request);

  const RunOptions& options_;
  const Worker& worker_;
  const ReloadCounts& reloads_;
  Taps taps_;
  bool remote_ = false;  // the address is not loopback
  std::unique_ptr<admin::Server> server_;
};

}  // namespace weir::host::cli
