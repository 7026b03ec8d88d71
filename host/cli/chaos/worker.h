#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/chaos/home.h"
#include "cli/chaos/shared_page.h"
#include "cli/commands.h"

namespace weir::host::cli::chaos {

/// What the command has to know of a pipeline that only a process with plugins can tell.
struct Facts {
  std::string pipeline;
  std::vector<Topic> topics;
  std::vector<std::string> letter_files;  // within a home
  bool letters_are_messages = false;
};

/// The work of the processes that the command forks; each loads plugins and configuration anew, as `weir run` does, and returns an
/// exit code. `PATH` and pipeline are those of the options.
class WorkerCode {
 public:
  /// Both outlive it.
  WorkerCode(const CommonOptions& common, const ChaosOptions& options) : common_(common), options_(options) {}

  /// Checks what can be checked before anything runs, prints what is wrong to standard error, and writes the facts to a file.
  [[nodiscard]] int look(const Home& home, const std::string& facts_file) const;
  /// Runs the pipeline in its home until it ends.
  [[nodiscard]] int run(const Home& home, SharedPage& page) const;

 private:
  const CommonOptions& common_;
  const ChaosOptions& options_;
};

/// What look() wrote.
[[nodiscard]] Facts read_facts(const std::string& file);

}  // namespace weir::host::cli::chaos
