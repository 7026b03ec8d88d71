#include <cstdio>

#include "cli/assemble.h"
#include "cli/load.h"

namespace weir::host::cli {
namespace {

/// Positions of a task that never runs.
class NoPositions final : public Positions {
 public:
  std::uint32_t partition(std::string_view) override { return 0; }
  std::optional<std::string> stored(std::string_view) const override { return std::nullopt; }
  Status revoke(std::string_view, Milliseconds) override { return {}; }
};

bool pipeline_was_judged(const spec::PipelineSpec& pipeline) {
  return was_judged(pipeline.source) && was_judged(pipeline.sink) && were_judged(pipeline.transforms) &&
         were_judged(pipeline.predicates) && (!pipeline.spool || !pipeline.spool->unset) &&
         (!pipeline.dead_letter || was_judged(*pipeline.dead_letter));
}

}  // namespace

int validate(const CommonOptions& common, const ValidateOptions& options) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  const auto pipelines = load_pipelines(options.paths, *registry, {.allow_unset = options.no_env});
  if (!pipelines) return kExitUsage;
  NoPositions positions;
  spec::Diagnostics diagnostics;
  for (const spec::PipelineSpec& pipeline : *pipelines) {
    const TaskSeat seat{0, pipeline.tasks_max, pipeline.memory / pipeline.shares(), &positions};
    if (pipeline_was_judged(pipeline)) static_cast<void>(assemble(pipeline, *registry, seat, diagnostics));
  }
  print(diagnostics);
  if (diagnostics.has_errors()) return kExitUsage;
  for (const spec::PipelineSpec& pipeline : *pipelines)
    std::printf("%s: %s: ok\n", pipeline.file.c_str(), pipeline.name.c_str());
  return kExitDone;
}

}  // namespace weir::host::cli
