#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "cli/commands.h"
#include "cli/dlq/select.h"
#include "crypto/key_ring.h"
#include "spec/pipeline_spec.h"

/// `weir dlq`: looks into files of dead letters, and sends their records again (docs/dead-letters.md).
namespace weir::host::cli {

struct DlqOptions {
  std::string file;
  std::string pipeline;     // a configuration with one pipeline
  std::string secret_file;  // "": the pipeline's secrets
  std::string state = "weir-state";
  std::uint64_t number = 0;
  LetterOptions letters;
  bool json = false;
  bool all = false;  // drop: without a choice
  bool yes = false;
  bool dry_run = false;
  std::uint64_t rate = 0;  // records a second; 0: as fast as it can
};

int dlq_list(const DlqOptions& options);
int dlq_stats(const DlqOptions& options);
int dlq_show(const CommonOptions& common, const DlqOptions& options);
int dlq_drop(const DlqOptions& options);
int dlq_replay(const CommonOptions& common, const DlqOptions& options);

// What they share.

/// The exit code of a Status that is not OK, after it was printed.
int complain_of(const Status& status);
/// One configuration file with one pipeline.
[[nodiscard]] Result<spec::PipelineSpec> load_one_pipeline(const CommonOptions& common, const std::string& path);
/// Of its `dead_letter:`, if that has secrets.
[[nodiscard]] Result<std::optional<crypto::KeyRing>> keys_of(const spec::PipelineSpec& pipeline);
/// The keys of `file`, one secret a line.
[[nodiscard]] Result<crypto::KeyRing> keys_from_file(const std::string& file);
/// Text for a terminal: what would control it shows as '?'.
[[nodiscard]] std::string printable(std::string text);

}  // namespace weir::host::cli
