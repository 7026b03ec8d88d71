#include "cli/admin/metrics.h"

#include <array>
#include <chrono>

#include "cli/run/report.h"
#include "cli/version.h"
#include "observe/log.h"
#include "observe/process.h"
#include "pipeline/tap.h"

namespace weir::host::cli {
namespace {

using observe::Metric;
using observe::MetricInfo;
using observe::MetricSample;
using observe::MetricType;
using Clock = Figures::Clock;

double number(std::uint64_t count) { return static_cast<double>(count); }
double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }
/// Since then; 0 where there was no such moment.
double age(Clock::time_point since) { return since == Clock::time_point{} ? 0 : seconds(Clock::now() - since); }

/// A metric with one value a pipeline.
struct PipelineMetric {
  MetricInfo info;
  double (*value)(const PipelineSummary&);
};

constexpr MetricInfo about_pipeline(std::string_view name, MetricType type, std::string_view help) {
  return {name, type, "pipeline", help};
}

constexpr auto kCounter = MetricType::counter;
constexpr auto kGauge = MetricType::gauge;

const std::array kPipelineMetrics{
    PipelineMetric{about_pipeline("weir_records_read_total", kCounter, "Records the source gave."),
                   [](const auto& pipeline) { return number(pipeline.ledger.read); }},
    PipelineMetric{about_pipeline("weir_records_cloned_total", kCounter, "Records transforms made."),
                   [](const auto& pipeline) { return number(pipeline.ledger.cloned); }},
    PipelineMetric{about_pipeline("weir_records_delivered_total", kCounter, "Records the sink acknowledged."),
                   [](const auto& pipeline) { return number(pipeline.ledger.delivered); }},
    PipelineMetric{about_pipeline("weir_records_filtered_total", kCounter, "Records a transform dropped on purpose."),
                   [](const auto& pipeline) { return number(pipeline.ledger.filtered); }},
    PipelineMetric{
        about_pipeline("weir_records_dead_lettered_total", kCounter, "Bad records that are dead letters now."),
        [](const auto& pipeline) { return number(pipeline.ledger.dead_lettered); }},
    PipelineMetric{about_pipeline("weir_dead_letters_overflowed_total", kCounter,
                                  "Of these, so many that the sink refused and a file beside the positions keeps."),
                   [](const auto& pipeline) { return number(pipeline.figures.overflowed); }},
    PipelineMetric{about_pipeline("weir_records_dropped_total", kCounter,
                                  "Bad records that were tolerated without a dead letter sink."),
                   [](const auto& pipeline) { return number(pipeline.ledger.dropped); }},
    PipelineMetric{about_pipeline("weir_records_merged_total", kCounter, "Records that went into others."),
                   [](const auto& pipeline) { return number(pipeline.ledger.merged); }},
    PipelineMetric{about_pipeline("weir_records_expired_total", kCounter, "Records a spool gave up by age."),
                   [](const auto& pipeline) { return number(pipeline.ledger.expired); }},
    PipelineMetric{about_pipeline("weir_records_in_flight", kGauge, "Records read or made and not at an end yet."),
                   [](const auto& pipeline) { return number(pipeline.ledger.in_flight); }},
    PipelineMetric{about_pipeline("weir_backlog_start_records", kGauge, "Records the spool held at the start."),
                   [](const auto& pipeline) { return number(pipeline.ledger.backlog_start); }},
    PipelineMetric{about_pipeline("weir_backlog_end_records", kGauge, "Records the spool holds."),
                   [](const auto& pipeline) { return number(pipeline.ledger.backlog_end); }},
    PipelineMetric{about_pipeline("weir_ledger_balanced", kGauge, "1 while the books balance, else 0."),
                   [](const auto& pipeline) { return pipeline.ledger.balanced() ? 1.0 : 0.0; }},
    PipelineMetric{about_pipeline("weir_oldest_record_age_seconds", kGauge,
                                  "Age of the oldest record in flight that no transform holds; 0: there is none."),
                   [](const auto& pipeline) { return seconds(pipeline.figures.oldest_age); }},
    PipelineMetric{about_pipeline("weir_window_bytes", kGauge, "Memory that counts against the pipeline's limit."),
                   [](const auto& pipeline) { return number(pipeline.figures.memory); }},
    PipelineMetric{about_pipeline("weir_window_limit_bytes", kGauge, "The pipeline's memory limit."),
                   [](const auto& pipeline) { return number(pipeline.figures.memory_limit); }},
    PipelineMetric{about_pipeline("weir_tasks", kGauge, "Tasks of the pipeline."),
                   [](const auto& pipeline) { return number(pipeline.figures.tasks); }},
    PipelineMetric{about_pipeline("weir_tasks_started", kGauge, "Of these, so many have started all components."),
                   [](const auto& pipeline) { return number(pipeline.figures.started); }},
    PipelineMetric{about_pipeline("weir_sources_backing_off", kGauge, "Tasks that wait before they poll again."),
                   [](const auto& pipeline) { return number(pipeline.figures.sources_backing_off); }},
    PipelineMetric{
        about_pipeline("weir_source_retries_total", kCounter, "Times a source asked to be called again later."),
        [](const auto& pipeline) { return number(pipeline.figures.source_retries); }},
    PipelineMetric{about_pipeline("weir_checkpoints_total", kCounter, "Checkpoints stored."),
                   [](const auto& pipeline) { return number(pipeline.checkpoint.stores); }},
    PipelineMetric{about_pipeline("weir_checkpoint_failures_total", kCounter, "Checkpoints that could not be stored."),
                   [](const auto& pipeline) { return number(pipeline.checkpoint.failures); }},
    PipelineMetric{about_pipeline("weir_checkpoint_age_seconds", kGauge,
                                  "Time since a checkpoint was stored; 0: none yet. Grows while nothing is read."),
                   [](const auto& pipeline) { return age(pipeline.checkpoint.stored_at); }},
    PipelineMetric{about_pipeline("weir_checkpoint_pending_seconds", kGauge,
                                  "How long settled positions have waited to be stored; 0: all are."),
                   [](const auto& pipeline) { return age(pipeline.checkpoint.pending_since); }},
    PipelineMetric{about_pipeline("weir_figures_age_seconds", kGauge,
                                  "Age of the figures of the task that showed its own longest ago; 0: it ended. Grows "
                                  "while a call into a plugin does not return."),
                   [](const PipelineSummary& pipeline) {
                     const bool runs = pipeline.outcome.state == RunState::running;
                     const auto shown = pipeline.figures.shown_at;
                     return runs && shown != Clock::time_point::max() ? age(shown) : 0;
                   }},
};

/// A metric with one value a pipeline that has a spool.
struct SpoolMetric {
  MetricInfo info;
  double (*value)(const BacklogFigures&);
};

const std::array kSpoolMetrics{
    SpoolMetric{about_pipeline("weir_spool_backlog_records", kGauge, "Records in the spool that wait for the sink."),
                [](const auto& spool) { return number(spool.records); }},
    SpoolMetric{about_pipeline("weir_spool_oldest_age_seconds", kGauge,
                               "How long the oldest of them has been in the spool; 0: there is none."),
                [](const auto& spool) { return seconds(spool.oldest_age); }},
    SpoolMetric{about_pipeline("weir_spool_bytes", kGauge, "What the spool takes on disk, kept records included."),
                [](const auto& spool) { return number(spool.bytes); }},
    SpoolMetric{about_pipeline("weir_spool_limit_bytes", kGauge, "What it may take: max_bytes."),
                [](const auto& spool) { return number(spool.bytes_limit); }},
    SpoolMetric{about_pipeline("weir_spool_segments", kGauge, "Files of the spool that hold records."),
                [](const auto& spool) { return number(spool.segments); }},
    SpoolMetric{about_pipeline("weir_spool_full", kGauge, "1 while the spool takes nothing more, else 0."),
                [](const auto& spool) { return spool.full ? 1.0 : 0.0; }},
    SpoolMetric{about_pipeline("weir_spool_spooled_total", kCounter, "Records that became durable in the spool."),
                [](const auto& spool) { return number(spool.spooled); }},
    SpoolMetric{about_pipeline("weir_spool_taken_total", kCounter, "Records the spool gave on towards the sink."),
                [](const auto& spool) { return number(spool.taken); }},
    SpoolMetric{about_pipeline("weir_spool_expired_total", kCounter, "Records given up by max_age."),
                [](const auto& spool) { return number(spool.expired); }},
    SpoolMetric{about_pipeline("weir_spool_damaged_total", kCounter,
                               "Records that cannot be read any more: their block is in quarantine."),
                [](const auto& spool) { return number(spool.damaged); }},
    SpoolMetric{about_pipeline("weir_spool_damaged_blocks_total", kCounter, "Blocks that were put into quarantine."),
                [](const auto& spool) { return number(spool.damaged_blocks); }},
};

constexpr MetricInfo kSpoolSyncs{"weir_spool_sync_seconds", MetricType::histogram, "pipeline",
                                 "Time to write a group of records and make it durable."};

constexpr MetricInfo kState{"weir_pipeline_state", kGauge, "pipeline,state",
                            "1 for the state the pipeline is in, else 0: running, finished, stopped, failed."};
constexpr MetricInfo kSinkTasks{"weir_sinks", kGauge, "pipeline,sink", "Sinks of the tasks: main, dead_letter, spool."};
constexpr MetricInfo kSinksUp{"weir_sinks_up", kGauge, "pipeline,sink", "Of these, so many run."};
constexpr MetricInfo kSinkFailedStarts{"weir_sink_failed_starts_total", kCounter, "pipeline,sink",
                                       "Starts that a sink answered with: not yet. The next waits longer."};
constexpr MetricInfo kSinkGivenBack{"weir_sink_given_back_total", kCounter, "pipeline,sink",
                                    "Times a sink gave back its records, to be put again."};
constexpr MetricInfo kSettled{"weir_settle_seconds", MetricType::histogram, "pipeline",
                              "Time from the read of a slice of records until the last of them reached its end."};
constexpr MetricInfo kTapCopied{"weir_tap_records_total", kCounter, "pipeline", "Records copied for `weir tap`."};
constexpr MetricInfo kTapMissed{"weir_tap_missed_total", kCounter, "pipeline",
                                "Records that passed unseen while a tap was open."};
constexpr MetricInfo kReloads{"weir_reloads_total", kCounter, "result",
                              "Configurations that were read again: accepted, or refused as a whole."};
constexpr MetricInfo kAlarms{"weir_alarms_total", kCounter, "pipeline,alarm", "Alarms raised."};
constexpr MetricInfo kBuild{"weir_build_info", kGauge, "version", "1."};

Metric one_a_pipeline(const PipelineMetric& metric, const std::vector<PipelineSummary>& summaries) {
  Metric made{metric.info, {}};
  for (const PipelineSummary& summary : summaries)
    made.samples.push_back({{summary.name}, metric.value(summary), {}, 0});
  return made;
}

Metric states(const std::vector<PipelineSummary>& summaries) {
  Metric made{kState, {}};
  for (const PipelineSummary& summary : summaries) {
    for (const RunState state : {RunState::running, RunState::finished, RunState::stopped, RunState::failed}) {
      made.samples.push_back({{summary.name, state_name(state)}, summary.outcome.state == state ? 1.0 : 0.0, {}, 0});
    }
  }
  return made;
}

template <typename Count>
Metric one_a_sink(const MetricInfo& info, const std::vector<PipelineSummary>& summaries, Count SinkFigures::*count) {
  Metric made{info, {}};
  for (const PipelineSummary& summary : summaries) {
    const Figures& figures = summary.figures;
    made.samples.push_back({{summary.name, "main"}, number(figures.sink.*count), {}, 0});
    const auto add = [&](const char* which, const SinkFigures& sink) {
      if (sink.count > 0) made.samples.push_back({{summary.name, which}, number(sink.*count), {}, 0});
    };
    add("dead_letter", figures.dead_letter_sink);
    add("spool", figures.spool_sink);
  }
  return made;
}

MetricSample histogram(const std::string& pipeline, const Durations& times) {
  MetricSample sample{{pipeline}, seconds(times.sum), {}, times.total()};
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < Durations::kBounds.size(); ++i) {
    cumulative += times.counts[i];
    sample.buckets.push_back({static_cast<double>(Durations::kBounds[i]) / 1e9, cumulative});
  }
  return sample;
}

void add_spools(const std::vector<PipelineSummary>& summaries, std::vector<Metric>& metrics) {
  for (const SpoolMetric& metric : kSpoolMetrics) {
    Metric& made = metrics.emplace_back(Metric{metric.info, {}});
    for (const PipelineSummary& summary : summaries) {
      if (summary.backlog) made.samples.push_back({{summary.name}, metric.value(summary.backlog->figures), {}, 0});
    }
  }
  Metric& syncs = metrics.emplace_back(Metric{kSpoolSyncs, {}});
  for (const PipelineSummary& summary : summaries) {
    if (summary.backlog) syncs.samples.push_back(histogram(summary.name, summary.backlog->figures.syncs));
  }
}

void add_taps(const std::vector<PipelineSummary>& summaries, std::vector<Metric>& metrics) {
  Metric copied{kTapCopied, {}};
  Metric missed{kTapMissed, {}};
  for (const PipelineSummary& summary : summaries) {
    if (summary.tap == nullptr) continue;
    copied.samples.push_back({{summary.name}, number(summary.tap->copied()), {}, 0});
    missed.samples.push_back({{summary.name}, number(summary.tap->missed()), {}, 0});
  }
  metrics.push_back(std::move(copied));
  metrics.push_back(std::move(missed));
}

void add_process(std::vector<Metric>& metrics) {
  const auto process = observe::process_figures();
  if (!process) return;
  const auto add = [&](std::string_view name, MetricType type, std::string_view help, double value) {
    metrics.push_back({{name, type, "", help}, {{{}, value, {}, 0}}});
  };
  add("process_resident_memory_bytes", kGauge, "Resident memory of the worker.", number(process->resident_bytes));
  add("process_virtual_memory_bytes", kGauge, "Virtual memory of the worker.", number(process->virtual_bytes));
  add("process_cpu_seconds_total", kCounter, "Processor time of the worker.", process->cpu_seconds);
  add("process_start_time_seconds", kGauge, "When the worker started, since 1970.", process->start_seconds);
  add("process_open_fds", kGauge, "Open files of the worker.", number(process->open_files));
}

}  // namespace

std::vector<Metric> collect_metrics(const std::vector<PipelineSummary>& summaries, const ReloadCounts& reloads) {
  std::vector<Metric> metrics;
  for (const PipelineMetric& metric : kPipelineMetrics) metrics.push_back(one_a_pipeline(metric, summaries));
  metrics.push_back(states(summaries));
  metrics.push_back(one_a_sink(kSinkTasks, summaries, &SinkFigures::count));
  metrics.push_back(one_a_sink(kSinksUp, summaries, &SinkFigures::up));
  metrics.push_back(one_a_sink(kSinkFailedStarts, summaries, &SinkFigures::failed_starts));
  metrics.push_back(one_a_sink(kSinkGivenBack, summaries, &SinkFigures::given_back));
  Metric& settled = metrics.emplace_back(Metric{kSettled, {}});
  for (const auto& summary : summaries)
    settled.samples.push_back(histogram(summary.name, summary.figures.settled_after));
  add_spools(summaries, metrics);
  add_taps(summaries, metrics);
  Metric& alarms = metrics.emplace_back(Metric{kAlarms, {}});
  for (const AlarmCount& each : alarm_counts()) {
    alarms.samples.push_back({{each.pipeline, each.alarm}, number(each.count), {}, 0});
  }
  metrics.push_back(
      {kReloads, {{{"accepted"}, number(reloads.accepted), {}, 0}, {{"refused"}, number(reloads.refused), {}, 0}}});
  metrics.push_back({kBuild, {{{version()}, 1, {}, 0}}});
  add_process(metrics);
  return metrics;
}

}  // namespace weir::host::cli
