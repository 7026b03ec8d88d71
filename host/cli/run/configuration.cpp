#include "cli/run/configuration.h"

#include "checkpoint/store.h"
#include "cli/assemble.h"
#include "cli/envelope/overflow_file.h"
#include "cli/file_identity.h"
#include "cli/load.h"
#include "cli/run/backlog.h"
#include "pipeline/tap.h"

namespace weir::host::cli {
namespace {

LetterPayload payload_of(const spec::PipelineSpec& pipeline) {
  if (pipeline.shows_dead_payload()) return LetterPayload::plain;
  return pipeline.dead_letter && pipeline.dead_letter->payload.encrypted ? LetterPayload::encrypted
                                                                         : LetterPayload::none;
}

std::shared_ptr<Tap> tap_of(const spec::PipelineSpec& pipeline) {
  std::vector<std::string> names;
  std::size_t first_safe = 0;
  for (const spec::ComponentSpec& transform : pipeline.transforms) {
    if (transform.at_ingest) continue;  // records are looked at behind the spool
    names.push_back(transform.name);
    if (transform.privacy) first_safe = names.size();
  }
  return std::make_shared<Tap>(std::move(names), first_safe);
}

/// Before their constructors run. Those that no pipeline uses can wait until the pipelines have started.
void detach_libraries(const spec::PipelineSpec& pipeline, const Registry& registry) {
  registry.detach(*pipeline.source.info);
  for (const auto& transform : pipeline.transforms) registry.detach(*transform.info);
  for (const auto& predicate : pipeline.predicates) registry.detach(*predicate.info);
  registry.detach(*pipeline.sink.info);
  if (pipeline.dead_letter) registry.detach(*pipeline.dead_letter->info);
}

/// All that a pipeline is, in one text: the same text is the same pipeline. Where it stands in which file does not count.
class Version {
 public:
  Version(const spec::PipelineSpec& pipeline, const Registry& registry) : registry_(registry) {
    add(pipeline.name, pipeline.tasks_max, pipeline.transform_threads, static_cast<int>(pipeline.tolerance),
        pipeline.retry_timeout.count(), pipeline.retry_delay_max.count(), pipeline.memory,
        pipeline.offsets_interval.count(), pipeline.shutdown_timeout.count());
    add(pipeline.source);
    for (const auto& transform : pipeline.transforms) add(transform);
    for (const auto& predicate : pipeline.predicates) add(predicate);
    add(pipeline.sink);
    if (pipeline.dead_letter) add(*pipeline.dead_letter);
    if (pipeline.spool) add(*pipeline.spool);
  }
  std::string take() { return std::move(text_); }

 private:
  template <typename... Parts>
  void add(const Parts&... parts) {
    (add_one(parts), ...);
  }
  void add_one(const std::string& text) { text_ += std::to_string(text.size()) + ":" + text + "\n"; }
  template <typename Number>
  void add_one(Number number) {
    text_ += std::to_string(number) + "\n";
  }
  void add(const spec::ComponentSpec& component) {
    // Another state of the library has its tables elsewhere.
    const auto code = reinterpret_cast<std::uintptr_t>(registry_.component(*component.info)->table);
    add(component.info->kind, component.info->name, code, component.name, component.fields.json(), component.predicate,
        component.negate, component.privacy, component.at_ingest, component.payload.encrypted,
        component.payload.secrets);
  }
  void add(const spec::SpoolSpec& spool) {
    add(spool.path, spool.max_bytes, spool.max_age.count(), spool.keep_delivered.count(), spool.secrets);
  }

  const Registry& registry_;
  std::string text_;
};

}  // namespace

PipelineSettings settings_of(const spec::PipelineSpec& pipeline) {
  PipelineSettings settings;
  settings.name = pipeline.name;
  settings.tasks = pipeline.tasks_max;
  settings.memory = pipeline.memory - (pipeline.spool ? spool_memory(pipeline) : 0);
  settings.tolerate_bad_records = pipeline.tolerance == spec::Tolerance::all;
  settings.privacy = pipeline.has_privacy_transform();
  settings.source_resumable = (pipeline.source.info->capabilities & WEIR_RESUMABLE) != 0;
  settings.retry_timeout = pipeline.retry_timeout;
  settings.retry_delay_max = pipeline.retry_delay_max;
  settings.offsets_interval = pipeline.offsets_interval;
  settings.shutdown_timeout = pipeline.shutdown_timeout;
  return settings;
}

std::optional<Configuration> read_configuration(const CommonOptions& common, const RunOptions& options) {
  Configuration configuration;
  configuration.registry = load_plugins(common);
  if (configuration.registry == nullptr) return std::nullopt;
  auto pipelines = load_pipelines(options.paths, *configuration.registry,
                                  {.file_identity = file_identity, .files_read = &configuration.files});
  if (!pipelines) return std::nullopt;
  for (spec::PipelineSpec& pipeline : *pipelines) {
    detach_libraries(pipeline, *configuration.registry);
    configuration.pipelines.push_back(std::make_shared<const spec::PipelineSpec>(std::move(pipeline)));
  }
  return configuration;
}

std::unique_ptr<CheckpointStore> store_of(const spec::PipelineSpec& pipeline, const RunOptions& options) {
  return make_file_checkpoint_store(options.state, pipeline.name, pipeline.source.info->name);
}

PipelinePlan plan_of(const Configuration& configuration, const std::shared_ptr<const spec::PipelineSpec>& pipeline,
                     const RunOptions& options, const std::shared_ptr<spec::Diagnostics>& diagnostics) {
  PipelinePlan plan;
  plan.settings = settings_of(*pipeline);
  if (options.admin) plan.settings.tap = tap_of(*pipeline);
  plan.version = Version(*pipeline, *configuration.registry).take();
  plan.open_store = [pipeline, &options] { return store_of(*pipeline, options); };
  plan.open_overflow = [pipeline, &options] {
    return make_overflow_file(options.state, pipeline->name, payload_of(*pipeline));
  };
  if (pipeline->spool) {
    plan.spool = pipeline->spool->path;
    plan.open_backlog = [pipeline] { return make_backlog(*pipeline); };
    plan.open_backlog_store = [pipeline, &options] { return backlog_store_of(*pipeline, options.state); };
  }
  plan.build = [pipeline, registry = configuration.registry, diagnostics](const TaskSeat& seat) -> Result<TaskParts> {
    auto parts = assemble(*pipeline, *registry, seat, *diagnostics);
    if (!parts) return Status::config("A component of " + pipeline->name + " refused its configuration.");
    return std::move(*parts);
  };
  return plan;
}

}  // namespace weir::host::cli
