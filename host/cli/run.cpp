#include <malloc.h>

#include <cstdio>

#include "checkpoint/store.h"
#include "cli/assemble.h"
#include "cli/file_identity.h"
#include "cli/load.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/signals.h"
#include "pipeline/worker.h"

namespace weir::host::cli {
namespace {

PipelineSettings settings_of(const spec::PipelineSpec& pipeline) {
  PipelineSettings settings;
  settings.name = pipeline.name;
  settings.tasks = pipeline.tasks_max;
  settings.memory = pipeline.memory;
  settings.tolerate_bad_records = pipeline.tolerance == spec::Tolerance::all;
  settings.privacy = pipeline.has_privacy_transform();
  settings.source_resumable = (pipeline.source.info->capabilities & WEIR_RESUMABLE) != 0;
  settings.retry_timeout = pipeline.retry_timeout;
  settings.retry_delay_max = pipeline.retry_delay_max;
  settings.offsets_interval = pipeline.offsets_interval;
  settings.shutdown_timeout = pipeline.shutdown_timeout;
  return settings;
}

/// Adds every pipeline to the worker; what a component refuses is in `diagnostics`.
Status add_all(const std::vector<spec::PipelineSpec>& pipelines, const Registry& registry, const RunOptions& options,
               Worker& worker, spec::Diagnostics& diagnostics) {
  Status first;
  for (const spec::PipelineSpec& pipeline : pipelines) {
    PipelinePlan plan;
    plan.settings = settings_of(pipeline);
    plan.store = make_file_checkpoint_store(options.state, pipeline.name, pipeline.source.info->name);
    plan.build = [&pipeline, &registry, &diagnostics](const TaskSeat& seat) -> Result<TaskParts> {
      auto parts = assemble(pipeline, registry, seat, diagnostics);
      if (!parts) return Status::config("A component of " + pipeline.name + " refused its configuration.");
      return std::move(*parts);
    };
    const Status added = worker.add(std::move(plan));
    if (!added.ok() && first.ok()) first = added;
  }
  return first;
}

Status forget_positions(const std::vector<spec::PipelineSpec>& pipelines, const RunOptions& options) {
  for (const spec::PipelineSpec& pipeline : pipelines) {
    const Status cleared =
        make_file_checkpoint_store(options.state, pipeline.name, pipeline.source.info->name)->clear();
    if (!cleared.ok()) return cleared;
  }
  return {};
}

/// Client libraries build requests of some megabytes and free them, again and again: the heap keeps that much, instead of giving it back
/// to the kernel and taking it anew page by page.
void keep_freed_memory() {
  constexpr int kKept = 8 * 1024 * 1024;
  ::mallopt(M_TRIM_THRESHOLD, kKept);
  ::mallopt(M_MMAP_THRESHOLD, kKept);
}

int complain(const Status& status, int exit_code) {
  std::fprintf(stderr, "weir: error: %s\n", status.message().c_str());
  return exit_code;
}

int finish(const Worker& worker, const RunOptions& options) {
  const std::vector<PipelineSummary> summaries = worker.summaries();
  log_summaries(summaries);
  const int exit_code = worker.exit_code();
  if (!options.report) return exit_code;
  const Status written = write_report(*options.report, report_json(summaries, exit_code));
  return written.ok() ? exit_code : complain(written, kExitFailed);
}

}  // namespace

int run(const CommonOptions& common, const RunOptions& options) {
  keep_freed_memory();
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  const auto pipelines = load_pipelines(options.paths, *registry, {.file_identity = file_identity});
  if (!pipelines) return kExitUsage;

  Worker worker;
  // Before any thread of a plugin exists, so that all inherit the mask; a stop that comes early is kept by the worker.
  Signals signals([&worker] { worker.request_stop(); });
  spec::Diagnostics diagnostics;
  const Status added = add_all(*pipelines, *registry, options, worker, diagnostics);
  print(diagnostics);
  if (diagnostics.has_errors()) return kExitUsage;
  if (!added.ok()) return complain(added, kExitUsage);
  if (options.report) {
    const Status writable = check_report(*options.report);
    if (!writable.ok()) return complain(writable, kExitUsage);
  }
  const Result<StateLock> lock = StateLock::take(options.state);
  if (!lock) return complain(lock.status(), kExitUsage);
  if (options.fresh) {
    const Status forgotten = forget_positions(*pipelines, options);
    if (!forgotten.ok()) return complain(forgotten, kExitUsage);
  }

  worker.start();
  Progress progress;
  while (!worker.wait_for(progress.interval())) progress.show(worker.summaries());
  progress.end();
  return finish(worker, options);
}

}  // namespace weir::host::cli
