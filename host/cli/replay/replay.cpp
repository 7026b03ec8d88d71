#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <random>

#include "checkpoint/store.h"
#include "cli/assemble.h"
#include "cli/load.h"
#include "cli/moment.h"
#include "cli/no_sink.h"
#include "cli/replay/source.h"
#include "cli/run/backlog.h"
#include "cli/run/configuration.h"
#include "cli/run/progress.h"
#include "cli/run/signals.h"
#include "pipeline/worker.h"

namespace weir::host::cli {
namespace {

/// "20261123T040506Z-1f2e": of this run, and of no other.
std::string make_id(std::int64_t ms) {
  std::string id;
  for (const char c : moment_text(ms)) {
    if (c != '-' && c != ':') id += c;
  }
  char tail[8];
  std::snprintf(tail, sizeof tail, "-%04x", std::random_device()() & 0xffffu);
  return id + tail;
}

struct Span {
  std::int64_t from_ms = 0;
  std::int64_t end_ms = 0;
};

Result<Span> span_of(const ReplayOptions& options, std::int64_t now) {
  const auto moment = [now](const char* option, const std::string& text) -> Result<std::int64_t> {
    const auto parsed = parse_moment(text, now);
    if (parsed) return *parsed;
    return Status::config(std::string(option) + ": '" + text + "' is not understood; " + kMomentForms);
  };
  const auto from = moment("--from", options.from);
  if (!from) return from.status();
  const auto end = moment("--to", options.to);
  if (!end) return end.status();
  if (*from >= *end) return Status::config("--from has to lie before --to");
  return Span{*from, *end};
}

/// The one pipeline of the file that has a spool, and the plugins.
std::optional<Configuration> configuration_of(const CommonOptions& common, const ReplayOptions& options) {
  RunOptions run;
  run.paths = {options.path};
  auto configuration = read_configuration(common, run);
  if (!configuration) return std::nullopt;
  std::erase_if(configuration->pipelines, [](const auto& pipeline) { return !pipeline->spool; });
  if (configuration->pipelines.size() == 1) return configuration;
  complain(configuration->pipelines.empty() ? "there is no pipeline with a spool in " + options.path
                                            : "there are several pipelines with a spool in " + options.path,
           kExitUsage);
  return std::nullopt;
}

/// The last record that was delivered, as far as the spool and the stored position tell. Looks at a state directory that somebody else
/// may use, and makes none.
Result<spool::Sequence> delivered_of(const spec::PipelineSpec& pipeline, const spool::Inspector& spool,
                                     const std::string& state) {
  const Result<spool::StateSlot> slot = spool.state();
  if (!slot && slot.status().code() == WEIR_NOT_FOUND)
    return Status::config("'" + pipeline.spool->path + "' is no spool: no worker has opened one there");
  if (!slot) return slot.status();
  const auto stored = backlog_store_of(pipeline, state)->load();
  if (!stored) return stored.status();
  return std::max(slot->delivered, delivered_in(*stored));
}

/// What of the span the spool does not give, in words for people.
void tell_of_the_rest(const std::vector<spool::SegmentSummary>& segments, const Span& span, spool::Sequence delivered) {
  std::uint64_t waiting = 0;
  for (const spool::SegmentSummary& segment : segments) {
    const bool in_span = segment.newest_ms >= span.from_ms && segment.oldest_ms < span.end_ms;
    if (in_span) waiting += segment.records_from(delivered + 1);
  }
  if (waiting > 0)
    Log().info("Records that were not delivered yet are left out: they come by themselves.", {{"at_most", waiting}});
  if (segments.empty()) {
    Log().warn("The spool keeps no records; `keep_delivered` says for how long it does.");
  } else if (segments.front().oldest_ms > span.from_ms) {
    Log().warn("The spool keeps nothing older; `keep_delivered` says how much it keeps.",
               {{"oldest", moment_text(segments.front().oldest_ms)}});
  }
}

void warn_of_ingest(const spec::PipelineSpec& pipeline) {
  for (const spec::ComponentSpec& transform : pipeline.transforms) {
    if (!transform.at_ingest || !transform.privacy) continue;
    Log().warn(
        "A transform that protects people works before the spool, and is not applied again: whom it learned of since "
        "then it does not protect here.",
        {{"transform", transform.name}});
  }
}

/// Everything that a replay is made of.
struct Replay {
  std::shared_ptr<const spec::PipelineSpec> pipeline;
  std::shared_ptr<const Registry> registry;
  std::unique_ptr<spool::Inspector> spool;
  std::unique_ptr<ReplayChoice> choice;
  ReplaySource::Plan plan;
  ReplaySource::Counts counts;
  bool dry = false;
};

/// One task, from the spool through the transforms behind it to the sink. Bad ones are counted: they are still in the spool, and their
/// dead letters were written when they came by the first time.
PipelinePlan plan_of(Replay& replay, const std::shared_ptr<spec::Diagnostics>& diagnostics) {
  PipelinePlan plan;
  plan.settings = settings_of(*replay.pipeline);
  plan.settings.tasks = 1;
  plan.settings.memory = replay.pipeline->memory;
  plan.settings.tolerate_bad_records = true;
  plan.settings.source_resumable = false;
  plan.build = [&replay, diagnostics](const TaskSeat& seat) -> Result<TaskParts> {
    TaskSeat behind = seat;
    behind.leg = LegKind::drain;
    auto parts = assemble(*replay.pipeline, *replay.registry, behind, *diagnostics);
    if (!parts) return Status::config("A component of " + replay.pipeline->name + " refused its configuration.");
    parts->source =
        std::make_unique<ReplaySource>(*replay.spool, *replay.choice, replay.plan, replay.counts, *seat.positions);
    parts->dead_letter.reset();
    if (replay.dry) parts->sink = std::make_unique<NoSink>();
    return std::move(*parts);
  };
  return plan;
}

int print_summary(const Replay& replay, const Span& span, const PipelineSummary& summary) {
  const Ledger& books = summary.ledger;
  std::printf("%s %" PRIu64 " of %" PRIu64 " records spooled from %s to %s: delivered %" PRIu64 ", filtered %" PRIu64
              ", failed %" PRIu64 "\n",
              replay.dry ? "would replay" : "replayed", books.read, replay.counts.seen.load(),
              moment_text(span.from_ms).c_str(), moment_text(span.end_ms).c_str(), books.delivered, books.filtered,
              books.dropped);
  if (replay.counts.unjudged > 0)
    std::printf("%" PRIu64 " could not be judged by --match and were left out\n", replay.counts.unjudged.load());
  if (summary.outcome.state == RunState::finished && books.dropped == 0) return kExitDone;
  if (summary.outcome.state == RunState::stopped)
    std::printf("stopped before the end: %" PRIu64 " records were on their way\n", books.in_flight);
  return kExitFailed;
}

int run_replay(Replay& replay, const Span& span, Worker& worker) {
  const auto diagnostics = std::make_shared<spec::Diagnostics>();
  if (Status added = worker.add(plan_of(replay, diagnostics)); !added.ok()) {
    print_refusal(added, *diagnostics);
    return kExitUsage;
  }
  worker.start();
  show_to_the_end(worker);
  return print_summary(replay, span, worker.summaries().front());
}

}  // namespace

int replay(const CommonOptions& common, const ReplayOptions& options) {
  Replay replay;  // outlives the worker
  Worker worker;
  Signals signals([&worker] { worker.request_stop(); }, [] {});
  const std::int64_t now = wall_clock_ms();
  const Result<Span> span = span_of(options, now);
  if (!span) return complain(span.status().message(), kExitUsage);
  auto choice = ReplayChoice::make(options.key, options.match);
  if (!choice) return complain(choice.status().message(), kExitUsage);
  const auto configuration = configuration_of(common, options);
  if (!configuration) return kExitUsage;
  replay.pipeline = configuration->pipelines.front();
  replay.registry = configuration->registry;
  replay.choice = *std::move(choice);
  replay.dry = options.dry_run;

  auto spool =
      spool::Inspector::open(spool::disk_files(), replay.pipeline->spool->path, replay.pipeline->spool->secrets);
  if (!spool) return complain(spool.status().message(), kExitUsage);
  replay.spool = *std::move(spool);
  const Result<spool::Sequence> delivered = delivered_of(*replay.pipeline, *replay.spool, options.state);
  if (!delivered) return complain(delivered.status().message(), kExitUsage);
  const auto segments = replay.spool->segments();
  if (!segments) return complain(segments.status().message(), kExitFailed);
  tell_of_the_rest(*segments, *span, *delivered);
  warn_of_ingest(*replay.pipeline);

  replay.plan = {{0, *delivered + 1, span->from_ms, span->end_ms}, make_id(now), options.rate};
  if (!replay.dry) {
    Log().info("Replaying.",
               {{"pipeline", replay.pipeline->name}, {"header", ReplaySource::kHeader}, {"id", replay.plan.id}});
  }
  return run_replay(replay, *span, worker);
}

}  // namespace weir::host::cli
