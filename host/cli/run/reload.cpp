#include "cli/run/reload.h"

#include <algorithm>
#include <cstdio>

#include "cli/load.h"
#include "cli/run/configuration.h"
#include "observe/log.h"

namespace weir::host::cli {
namespace {

/// Names that run and that the configuration does not have.
std::vector<std::string> without(std::vector<std::string> names, const Configuration& configuration) {
  std::erase_if(names, [&](const std::string& name) {
    return std::any_of(configuration.pipelines.begin(), configuration.pipelines.end(),
                       [&](const auto& pipeline) { return pipeline->name == name; });
  });
  return names;
}

}  // namespace

Reload::Reload(const CommonOptions& common, const RunOptions& options, Worker& worker, std::vector<std::string> files,
               ReloadCounts& counts)
    : common_(common), options_(options), worker_(worker), files_(std::move(files)), counts_(counts) {}

void Reload::run() {
  const bool is_accepted = try_run();
  ++(is_accepted ? counts_.accepted : counts_.refused);
  if (!is_accepted) Log().error("The configuration was not reloaded: what ran runs on, unchanged.");
}

bool Reload::try_run() {
  auto configuration = read_configuration(common_, options_);
  if (!configuration) return false;
  const auto diagnostics = std::make_shared<spec::Diagnostics>();
  std::size_t changed = 0;
  Status first;
  for (const auto& pipeline : configuration->pipelines) {
    PipelinePlan plan = plan_of(*configuration, pipeline, options_, diagnostics);
    if (worker_.runs(plan.settings.name, plan.version)) continue;
    ++changed;
    if (Status staged = worker_.stage(std::move(plan)); first.ok()) first = std::move(staged);
  }
  print_refusal(first, *diagnostics);
  if (!first.ok()) {
    worker_.drop_staged();
    return false;
  }
  const std::vector<std::string> leaving = without(worker_.names(), *configuration);
  worker_.commit(leaving);
  configuration->registry->detach_all();
  files_ = std::move(configuration->files);
  Log().info(
      "Reloaded.",
      {{"changed", changed}, {"unchanged", configuration->pipelines.size() - changed}, {"leaving", leaving.size()}});
  return true;
}

}  // namespace weir::host::cli
