#include <cstdio>

#include "checkpoint/store.h"
#include "cli/assemble.h"
#include "cli/dlq/dlq.h"
#include "cli/dlq/replay_parts.h"
#include "cli/dlq/walk.h"
#include "cli/load.h"
#include "cli/moment.h"
#include "cli/run/configuration.h"
#include "cli/run/progress.h"
#include "cli/run/report.h"
#include "cli/run/signals.h"
#include "pipeline/worker.h"
#include "spec/each_value.h"

namespace weir::host::cli {
namespace {

using Number = unsigned long long;

/// The file that its dead letter sink writes; "": it writes none.
std::string file_of_dead_letters(const spec::PipelineSpec& pipeline) {
  std::string path;
  if (!pipeline.dead_letter) return path;
  spec::each_value(pipeline.dead_letter->info->fields, pipeline.dead_letter->fields,
                   [&](const spec::Field& field, const spec::Value& value) {
                     if (field.type == WEIR_FILE && field.is(WEIR_OUTPUT) && value.type == WEIR_STRING)
                       path = value.text;
                   });
  return path;
}

/// The pipeline as a replay runs it: one task, in order, straight from the letters to the sink.
std::shared_ptr<const spec::PipelineSpec> for_replay(const spec::PipelineSpec& pipeline) {
  auto spec = std::make_shared<spec::PipelineSpec>(pipeline);
  spec->tasks_max = 1;
  spec->transform_threads = 0;
  spec->spool.reset();
  return spec;
}

Result<LetterSource::Setup> set_up(const DlqOptions& options, const spec::PipelineSpec& pipeline) {
  const std::string path = options.file.empty() ? file_of_dead_letters(pipeline) : options.file;
  if (path.empty()) return Status::config("the pipeline's dead letters are in no file; name one with --file");
  auto selection = LetterSelection::from(options.letters, wall_clock_ms());
  if (!selection) return selection.status();
  auto keys = options.secret_file.empty() ? keys_of(pipeline) : Result<std::optional<crypto::KeyRing>>(std::nullopt);
  if (!keys) return keys.status();
  if (!options.secret_file.empty()) {
    auto given = keys_from_file(options.secret_file);
    if (!given) return given.status();
    *keys = *std::move(given);
  }
  auto file = LetterFile::open(path);
  if (!file) return file.status();
  auto replayed = options.dry_run ? Replayed::read(path, file->identity()) : Replayed::open(path, file->identity());
  if (!replayed) return replayed.status();
  if (const auto now = LetterFile::open(path); !now || now->identity() != file->identity())
    return Status::config("'" + path + "' was replaced just now; try again");
  if (replayed->size() == 0 && replayed->foreign() > 0)
    Log().warn("What was replayed of an earlier file of that name does not count.",
               {{"file", path}, {"letters", replayed->foreign()}});
  return LetterSource::Setup{
      *std::move(file), *std::move(selection), options.letters.pipelines.empty() ? pipeline.name : std::string(),
      *std::move(keys), *std::move(replayed),  options.rate,
      options.dry_run};
}

void print_counts(const LetterCounts& counts, const PipelineSummary& summary, const char* verb) {
  const Ledger& books = summary.ledger;
  const auto line = [](Number count, const char* what) {
    if (count > 0) std::printf("%10llu  %s\n", count, what);
  };
  std::printf("%10llu  %s\n", static_cast<Number>(counts.sent), verb);
  std::printf("            records: %llu delivered, %llu filtered, %llu dead letters again, %llu dropped\n",
              static_cast<Number>(books.delivered), static_cast<Number>(books.filtered - counts.unwanted),
              static_cast<Number>(books.dead_lettered - counts.unwanted_bad), static_cast<Number>(books.dropped));
  line(counts.before, "had been replayed before");
  line(counts.others, "of another pipeline (--pipeline takes them)");
  line(counts.without_payload, "hold no record");
  line(counts.closed, "encrypted, and no secret opens them");
  line(counts.damaged, "damaged");
  line(counts.too_large, "too large for the pipeline's memory");
  line(counts.clone_gone, "of a clone that is not made any more");
  line(counts.not_sent, "not settled");
  if (summary.outcome.state == RunState::stopped) std::printf("            stopped before the end of the file\n");
  if (!counts.first_problem.empty())
    std::fprintf(stderr, "weir: %llu dead letters stay; the first is %s\n", static_cast<Number>(counts.problems()),
                 counts.first_problem.c_str());
}

/// The replay itself: the pipeline with another source, under a worker of its own.
class Replay {
 public:
  Replay(const Configuration& configuration, const DlqOptions& options, LetterSource::Setup setup)
      : setup_(std::move(setup)), pipeline_(for_replay(*configuration.pipelines.front())) {
    run_options_.state = options.state;
    plan_ = plan_of(configuration, pipeline_, run_options_, diagnostics_);
    plan_.open_store = nullptr;  // the positions are those of then
    if (options.dry_run) plan_.open_overflow = nullptr;
    plan_.settings.source_resumable = true;  // what does not settle is sent again
    plan_.build = [this, build = plan_.build](const TaskSeat& seat) -> Result<TaskParts> {
      auto parts = build(seat);
      if (parts)
        make_replay(*parts, setup_, on_the_way_, counts_, *seat.positions, seat.memory / 4,
                    pipeline_->ingest_transforms());
      return parts;
    };
  }

  Status begin(Worker& worker) {
    Status added = worker.add(plan_);
    print_refusal(added, *diagnostics_);
    if (added.ok()) worker.start();
    return added;
  }

  [[nodiscard]] const LetterCounts& counts() const { return counts_; }
  [[nodiscard]] const LetterFile& file() const { return setup_.file; }

 private:
  RunOptions run_options_;
  LetterSource::Setup setup_;
  std::shared_ptr<const spec::PipelineSpec> pipeline_;
  std::shared_ptr<spec::Diagnostics> diagnostics_ = std::make_shared<spec::Diagnostics>();
  LettersOnTheWay on_the_way_;
  LetterCounts counts_;
  PipelinePlan plan_;
};

}  // namespace

int dlq_replay(const CommonOptions& common, const DlqOptions& options) {
  std::optional<Replay> replay;  // the worker uses it to its end
  Worker worker;
  // Before any thread of a plugin exists, so that all inherit the mask.
  Signals signals([&worker] { worker.request_stop(); }, [] {});
  RunOptions run_options;
  run_options.paths = {options.pipeline};
  const auto configuration = read_configuration(common, run_options);
  if (!configuration) return kExitUsage;
  if (configuration->pipelines.size() != 1)
    return complain(
        options.pipeline + " holds " + std::to_string(configuration->pipelines.size()) + " pipelines; dlq takes one",
        kExitUsage);
  // The overflow lies there, and two that deliver at a time would mix up the order.
  std::optional<Result<StateLock>> lock;
  if (!options.dry_run) lock.emplace(StateLock::take(options.state));
  if (lock && !lock->ok()) return complain(lock->status().message(), kExitUsage);
  auto setup = set_up(options, *configuration->pipelines.front());
  if (!setup) return complain_of(setup.status());
  replay.emplace(*configuration, options, *std::move(setup));
  if (!replay->begin(worker).ok()) return kExitUsage;
  show_to_the_end(worker);
  const std::vector<PipelineSummary> summaries = worker.summaries();
  log_summaries(summaries);
  print_counts(replay->counts(), summaries.front(), options.dry_run ? "would be replayed" : "replayed");
  tell_of_torn_line(replay->file());
  const bool all_sent = summaries.front().outcome.state == RunState::finished && replay->counts().problems() == 0;
  return all_sent ? kExitDone : kExitFailed;
}

}  // namespace weir::host::cli
