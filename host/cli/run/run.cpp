#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdio>

#include "checkpoint/store.h"
#include "cli/admin/admin.h"
#include "cli/load.h"
#include "cli/run/backlog.h"
#include "cli/run/configuration.h"
#include "cli/run/progress.h"
#include "cli/run/reload.h"
#include "cli/run/report.h"
#include "cli/run/signals.h"
#include "cli/run/watch.h"
#include "pipeline/worker.h"

namespace weir::host::cli {
namespace {

constexpr std::chrono::milliseconds kLookEvery{500};  // at the files, with --watch

/// Adds every pipeline to the worker; what a component refuses is printed.
Status add_all(const Configuration& configuration, const RunOptions& options, Worker& worker) {
  const auto diagnostics = std::make_shared<spec::Diagnostics>();
  Status first;
  for (const auto& pipeline : configuration.pipelines) {
    Status added = worker.add(plan_of(configuration, pipeline, options, diagnostics));
    if (first.ok()) first = std::move(added);
  }
  print_refusal(first, *diagnostics);
  return first;
}

Status forget_positions(const Configuration& configuration, const RunOptions& options) {
  for (const auto& pipeline : configuration.pipelines) {
    if (Status cleared = store_of(*pipeline, options)->clear(); !cleared.ok()) return cleared;
  }
  return {};
}

/// Client libraries build requests of some megabytes and free them, again and again: the heap keeps that much, instead of giving it back
/// to the kernel and taking it anew page by page.
void keep_freed_memory() {
  constexpr int kKept = 6 * 1024 * 1024;
  ::mallopt(M_TRIM_THRESHOLD, kKept);
  ::mallopt(M_MMAP_THRESHOLD, kKept);
}

std::vector<std::string> watched_by(const CommonOptions& common, const RunOptions& options) {
  std::vector<std::string> roots = options.paths;
  for (const PluginFolder& folder : plugin_folders(common.plugins)) roots.push_back(folder.path);
  return roots;
}

/// Until every pipeline has ended: shows how it gets on, and reloads. `read`: when the configuration began to be read.
void serve(const CommonOptions& common, const RunOptions& options, Worker& worker, Reload& reload,
           std::atomic<bool>& reload_asked, Watch::Time read) {
  Progress progress;
  Watch watch(watched_by(common, options));
  if (options.watch) watch.follow(reload.files(), read);
  const auto interval = options.watch ? std::min(kLookEvery, progress.interval()) : progress.interval();
  auto next_show = std::chrono::steady_clock::now() + progress.interval();
  while (!worker.wait_for(interval)) {
    if (reload_asked.exchange(false) || (options.watch && watch.changed())) {
      read = std::chrono::system_clock::now();
      reload.run();
      if (options.watch) watch.follow(reload.files(), read);
    }
    if (std::chrono::steady_clock::now() < next_show) continue;
    progress.show(worker.summaries());
    next_show = std::chrono::steady_clock::now() + progress.interval();
  }
  progress.end();
}

int finish(const Worker& worker, const RunOptions& options) {
  const std::vector<PipelineSummary> summaries = worker.summaries();
  log_summaries(summaries);
  const int exit_code = worker.exit_code();
  if (!options.report) return exit_code;
  const Status written = write_report(*options.report, report_json(summaries, exit_code));
  return written.ok() ? exit_code : complain(written.message(), kExitFailed);
}

}  // namespace

int run(const CommonOptions& common, const RunOptions& options) {
  keep_freed_memory();
  Worker worker;
  std::atomic<bool> reload_asked{false};
  // Before any thread of a plugin exists, so that all inherit the mask; what comes early is kept.
  Signals signals([&worker] { worker.request_stop(); },
                  [&] {
                    reload_asked.store(true);
                    worker.wake();
                  });
  const Watch::Time read = std::chrono::system_clock::now();
  auto configuration = read_configuration(common, options);
  if (!configuration || !add_all(*configuration, options, worker).ok()) return kExitUsage;
  if (options.report) {
    const Status writable = check_report(*options.report);
    if (!writable.ok()) return complain(writable.message(), kExitUsage);
  }
  const Result<StateLock> lock = StateLock::take(options.state);
  if (!lock) return complain(lock.status().message(), kExitUsage);
  for (const auto& pipeline : configuration->pipelines) {
    const Status former = check_former_spool(*pipeline, options.state);
    if (!former.ok()) return complain(former.message(), kExitUsage);
    remember_spool(*pipeline, options.state);
  }
  const auto first_pipelines = configuration->pipelines;
  if (options.fresh) {
    const Status forgotten = forget_positions(*configuration, options);
    if (!forgotten.ok()) return complain(forgotten.message(), kExitUsage);
  }

  ReloadCounts reloads;
  Admin admin(options, worker, reloads);
  if (const Status opened = admin.open(); !opened.ok()) return complain(opened.message(), kExitUsage);

  worker.start();
  configuration->registry->detach_all();
  Reload reload(common, options, worker, std::move(configuration->files), reloads);
  configuration.reset();  // plans keep what runs
  serve(common, options, worker, reload, reload_asked, read);
  for (const auto& pipeline : first_pipelines) remember_spool(*pipeline, options.state);  // which has an id by now
  return finish(worker, options);
}

}  // namespace weir::host::cli
