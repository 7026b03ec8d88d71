#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "pipeline/worker.h"

namespace weir::host::cli {

/// How often a worker was told to reload. Thread-safe.
struct ReloadCounts {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
};

/// Reads the configuration again and lets what changed take over (Worker). What is wrong anywhere refuses all of it: everything runs
/// on as it was. [control]
class Reload {
 public:
  /// All outlive it. `files`: what the first configuration was read from.
  Reload(const CommonOptions& common, const RunOptions& options, Worker& worker, std::vector<std::string> files,
         ReloadCounts& counts);

  void run();
  /// What the latest configuration was read from, or, after one that was refused, the one before.
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }

 private:
  bool try_run();

  const CommonOptions& common_;
  const RunOptions& options_;
  Worker& worker_;
  std::vector<std::string> files_;
  ReloadCounts& counts_;
};

}  // namespace weir::host::cli
