#include "cli/spool_tools/place.h"

#include <filesystem>

#include "checkpoint/store.h"
#include "cli/load.h"
#include "cli/run/backlog.h"
#include "config/read_file.h"
#include "spool/spool.h"

namespace weir::host::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestSecrets = 64 * 1024;

std::optional<SpoolPlace> refuse(const std::string& why) {
  complain(why, kExitUsage);
  return std::nullopt;
}

/// A folder that no spool was made in yet is told apart from one without records.
std::optional<SpoolPlace> spool_at(const std::string& path) {
  std::error_code error;
  if (!fs::exists(fs::path(path) / "lock", error))
    return refuse("'" + path + "' is no spool: no worker has opened one there");
  SpoolPlace place;
  place.folder = fs::absolute(path, error).lexically_normal().string();
  return place;
}

/// As the worker stored it. A checkpoint that is damaged, or not there, is no reason not to look at the spool.
std::uint64_t delivered_of(const spec::PipelineSpec& pipeline, const std::string& state) {
  std::error_code error;
  if (!fs::exists(state, error)) return 0;
  const Result<Checkpoint> checkpoint = backlog_store_of(pipeline, state)->load();
  return checkpoint ? delivered_in(*checkpoint) : 0;
}

std::optional<SpoolPlace> spool_of_pipeline(const CommonOptions& common, const SpoolOptions& options) {
  const std::string& file = options.path;
  const auto registry = load_plugins(common);
  if (!registry) return std::nullopt;
  const auto pipelines = load_pipelines({file}, *registry, {});
  if (!pipelines) return std::nullopt;
  const spec::PipelineSpec* found = nullptr;
  for (const spec::PipelineSpec& pipeline : *pipelines) {
    if (!pipeline.spool) continue;
    if (found != nullptr) return refuse(file + " holds several pipelines with a spool: name the folder of one");
    found = &pipeline;
  }
  if (found == nullptr) return refuse(file + " holds no pipeline with a spool");
  auto place = spool_at(found->spool->path);
  if (!place) return place;
  place->secrets = found->spool->secrets;
  place->pipeline = found->name;
  place->delivered = delivered_of(*found, options.state);
  return place;
}

}  // namespace

std::optional<SpoolPlace> find_spool(const CommonOptions& common, const SpoolOptions& options) {
  std::error_code error;
  auto place = fs::is_directory(options.path, error) ? spool_at(options.path) : spool_of_pipeline(common, options);
  if (!place || !options.secret_file) return place;
  const Result<std::string> secrets = config::read_file(*options.secret_file, kLongestSecrets);
  if (!secrets) return refuse(*options.secret_file + " " + secrets.status().message());
  place->secrets = *secrets;
  return place;
}

}  // namespace weir::host::cli
