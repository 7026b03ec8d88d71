#pragma once
#include <optional>
#include <string>

#include "cli/commands.h"

namespace weir::host::cli {

/// A spool that a command is about.
struct SpoolPlace {
  std::string folder;    // absolute
  std::string secrets;   // lines, newest first; empty: none was given
  std::string pipeline;  // its name, where a configuration was given; else empty
  /// Of the last record that was delivered, as the pipeline's stored position has it; 0: that is not known.
  std::uint64_t delivered = 0;
};

/// What PATH names: a spool's folder, or the configuration of one pipeline with a spool, whose secret is then used. A --secret-file goes
/// before that. Nothing: it was printed why.
[[nodiscard]] std::optional<SpoolPlace> find_spool(const CommonOptions& common, const SpoolOptions& options);

}  // namespace weir::host::cli
