#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "cli/chaos/compare.h"
#include "cli/chaos/disturb.h"
#include "cli/chaos/letters.h"
#include "cli/chaos/one_run.h"
#include "cli/chaos/oracle.h"
#include "cli/chaos/result.h"
#include "cli/chaos/topics.h"
#include "cli/chaos/work_folder.h"
#include "cli/commands.h"
#include "observe/log.h"
#include "spec/scalar.h"

namespace weir::host::cli {
namespace chaos {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::milliseconds;

constexpr Milliseconds kPatience{60'000};  // beyond what the run is stretched to
constexpr int kShare = 20;                 // so many parts of the run a fault does not outlast
constexpr std::size_t kLogTail = 2000;     // bytes

void print_tail(const std::string& path, LogFormat format) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
  const std::size_t shown = std::min(size, kLogTail);
  std::string text(shown, '\0');
  file.seekg(static_cast<std::streamoff>(size - shown));
  file.read(text.data(), static_cast<std::streamsize>(shown));
  if (const std::size_t line = text.find('\n'); shown < size && line != std::string::npos) text.erase(0, line + 1);
  if (format == LogFormat::json)
    Log().error("The end of the worker's log.", {{"log", text}});
  else
    std::fprintf(stderr, "The end of the worker's log:\n%s", text.c_str());
}

/// What ends the command before there is a result.
struct GaveUp {
  int exit_code;
  std::string reason = {};  // empty: a signal
  bool is_told = false;     // on standard error
};

/// On standard error, and with --json on standard output.
int end_without_result(const ChaosOptions& options, const GaveUp& why, Unfinished known) {
  if (!why.is_told) complain(why.reason, why.exit_code);
  known.reason = why.reason;
  known.is_refused = why.exit_code == kExitUsage;
  if (options.json) std::fputs(to_json(known).c_str(), stdout);
  return why.exit_code;
}

int refuse(const ChaosOptions& options, const std::string& reason) {
  return end_without_result(options, {kExitUsage, reason}, {});
}

class Command {
 public:
  Command(const CommonOptions& common, const ChaosOptions& options, Milliseconds time, std::vector<Topic> topics,
          WatchPoint& watch, const WorkFolder& work)
      : options_(options),
        format_(common.log_format),
        time_(time),
        topics_(std::move(topics)),
        asked_topics_(topics_),
        watch_(watch),
        work_(work),
        code_(common, options) {
    result_.seed = options.seed ? *options.seed : std::random_device()();
    result_.kills_wanted = options.kills;
    result_.on_own_cluster = !options.bootstrap.empty();
    result_.freezes_wanted = options.bootstrap.empty() ? options.freezes : 0;
  }

  int run() {
    try {
      look_at_topic();
      look();
      run_undisturbed();
      run_disturbed();
    } catch (const GaveUp& end) {
      if (end.reason.empty()) return end.exit_code;
      return end_without_result(options_, end, {.pipeline = result_.pipeline, .reference = books_});
    }
    result_.messages = messages_.verdict();
    result_.letters = letters_.verdict();
    std::fputs(options_.json ? to_json(result_).c_str() : to_text(result_).c_str(), stdout);
    return result_.word() == std::string_view("clean") ? kExitDone : kExitFailed;
  }

 private:
  void look_at_topic();
  void look();
  void run_undisturbed();
  void check_undisturbed(OneRun& run);
  void run_disturbed();
  void judge_end(OneRun& run);
  /// By the undisturbed run, as its books say.
  [[nodiscard]] std::uint64_t messages_sent() const {
    return result_.reference.delivered + (facts_.letters_are_messages ? result_.reference.dead_lettered : 0);
  }
  [[nodiscard]] Home home(const std::string& name) const { return {work_.path(name), {}, options_.topic}; }
  void sort_message(const Message& message, void (Oracle::*how)(const Seen&));
  void read_letters(const OneRun& run, void (Oracle::*how)(const Seen&));
  void give_up_on_trouble(const OneRun& run) const;

  const ChaosOptions& options_;
  const LogFormat format_;
  const Milliseconds time_;
  std::vector<Topic> topics_;
  const std::vector<Topic> asked_topics_;  // those of --topics
  std::vector<Extent> extents_;            // of the user's own topic; empty: throw-away brokers only
  WatchPoint& watch_;
  const WorkFolder& work_;
  WorkerCode code_;
  SharedPagePtr page_ = make_shared_page();
  Facts facts_;
  Oracle messages_;
  Oracle letters_;
  Milliseconds start_time_{0};   // of a worker, until it puts its first message
  std::optional<Ledger> books_;  // of the undisturbed run, once they are known, whatever came of it
  ChaosResult result_;
};

/// The user's own, which nobody else may use.
void Command::look_at_topic() {
  if (options_.bootstrap.empty()) return;
  auto extents = extents_of(options_.bootstrap, options_.topic);
  if (!extents) throw GaveUp{kExitUsage, extents.status().message()};
  extents_ = *std::move(extents);
  for (const Extent& extent : extents_) {
    if (extent.first < extent.end)
      throw GaveUp{kExitUsage, "topic '" + options_.topic + "' is not empty: chaos wants one of its own"};
  }
  topics_ = {{options_.topic, static_cast<int>(extents_.size())}};
}

void Command::look() {
  const std::string file = work_.path("facts.json");
  Home nowhere = home("undisturbed");
  nowhere.bootstrap = "127.0.0.1:1";
  auto process = Process::fork([&] { return code_.look(nowhere, file); }, {});
  if (!process) throw GaveUp{kExitFailed, process.status().message()};
  while (process->running() && watch_.signal() == 0) watch_.wait({}, std::chrono::seconds(1));
  if (watch_.signal() != 0) throw GaveUp{128 + watch_.signal()};
  const int code = process->exit_code();
  if (code == kExitUsage || code == kExitFailed)
    throw GaveUp{code, "the pipeline cannot be run like this: standard error says why", true};
  if (code != kExitDone)
    throw GaveUp{kExitFailed, "what looked at the pipeline ended with exit code " + std::to_string(code)};
  facts_ = read_facts(file);
  topics_ = merged_topics(std::move(topics_), facts_.topics);
  result_.pipeline = facts_.pipeline;
}

void Command::give_up_on_trouble(const OneRun& run) const {
  if (run.trouble().ok()) return;
  if (watch_.signal() != 0) throw GaveUp{128 + watch_.signal()};
  throw GaveUp{kExitFailed, run.trouble().message()};
}

void Command::sort_message(const Message& message, void (Oracle::*how)(const Seen&)) {
  Seen seen = message.seen();
  const bool is_letter = message.is_letter && facts_.letters_are_messages;
  if (is_letter) seen.topic = kLetters;
  ((is_letter ? letters_ : messages_).*how)(seen);
}

void Command::read_letters(const OneRun& run, void (Oracle::*how)(const Seen&)) {
  for (const std::string& name : facts_.letter_files) {
    const Status read = each_letter(run.home().folder + "/" + name, [&](const Seen& seen) { (letters_.*how)(seen); });
    if (!read.ok()) throw GaveUp{kExitFailed, "the dead letters cannot be read: " + read.message()};
  }
}

void Command::run_undisturbed() {
  OneRun run(watch_, code_, *page_, home("undisturbed"),
             [this](const Message& message) { sort_message(message, &Oracle::expect); });
  if (const Status opened = run.open(topics_); !opened.ok()) throw GaveUp{kExitFailed, opened.message()};
  Log().info("The pipeline runs undisturbed.", {{"pipeline", facts_.pipeline}, {"at_most", options_.time}});
  const Clock::time_point begun = Clock::now();
  run.start_worker();
  run.wait_until([&] { return run.worker_put(); }, time_);
  start_time_ = std::chrono::duration_cast<Milliseconds>(Clock::now() - begun);
  run.wait_until([] { return false; }, std::max(Milliseconds(0), time_ - start_time_));
  give_up_on_trouble(run);
  check_undisturbed(run);
  run.finish();
  give_up_on_trouble(run);
  read_letters(run, &Oracle::expect);
  messages_.seal();
  letters_.seal();
  if (run.messages() != messages_sent())
    throw GaveUp{kExitFailed, "the undisturbed run delivered " + std::to_string(messages_sent()) + " messages, and " +
                                  std::to_string(run.messages()) + " were read back: does its sink write elsewhere?"};
  for (const Topic& topic : asked_topics_) {
    if (!run.has_read(topic.name)) result_.unused_topics.push_back(topic.name);
  }
  Log().info("That came to its end.", {{"read", result_.reference.read},
                                       {"delivered", result_.reference.delivered},
                                       {"dead_letters", result_.reference.dead_lettered}});
}

/// Whether it ended, and its books are of use.
void Command::check_undisturbed(OneRun& run) {
  if (run.worker_runs())
    throw GaveUp{kExitUsage,
                 "the pipeline did not come to its end within " + options_.time +
                     ", undisturbed: chaos wants a source that ends by itself and gives the same again (files "
                     "without `follow`, a `count`), or a larger --for"};
  const bool ended_well = run.worker_exit_code() == kExitDone;
  if (ended_well || page_->books != Ledger{}) books_ = page_->books;  // it may have been killed before it wrote them
  if (!ended_well) {
    print_tail(run.log_file(), format_);
    throw GaveUp{run.worker_exit_code() == kExitUsage ? kExitUsage : kExitFailed,
                 "the pipeline fails undisturbed, too: exit code " + std::to_string(run.worker_exit_code())};
  }
  result_.reference = *books_;
  if (!result_.reference.balanced())
    throw GaveUp{kExitFailed, "the books of the undisturbed run do not balance: " + result_.reference.text()};
  if (messages_sent() == 0) throw GaveUp{kExitUsage, nothing_delivered(result_.reference)};
}

void Command::run_disturbed() {
  OneRun run(watch_, code_, *page_, home("disturbed"),
             [this](const Message& message) { sort_message(message, &Oracle::arrive); });
  const Status opened =
      extents_.empty() ? run.open(topics_) : run.open_there(options_.bootstrap, options_.topic, extents_);
  if (!opened.ok()) throw GaveUp{kExitFailed, opened.message()};
  page_->books = {};
  page_->rate = static_cast<double>(result_.reference.read) * 1000 / static_cast<double>(time_.count());
  Log().info("The pipeline runs again, disturbed.", {{"seed", result_.seed}, {"takes_about", options_.time}});
  run.hold_source_after(time_ / kShare);
  run.start_worker();
  const auto progress = [this] {  // letters in files are read at the end
    const bool with_letters = facts_.letters_are_messages;
    const std::uint64_t expected = messages_.expected() + (with_letters ? letters_.expected() : 0);
    const std::uint64_t found = messages_.found() + (with_letters ? letters_.found() : 0);
    return static_cast<double>(found) / static_cast<double>(expected);
  };
  Disturber disturber(run, {progress, start_time_, time_ / kShare, time_ + kPatience});
  disturber.apply(make_schedule(result_.seed, result_.kills_wanted, result_.freezes_wanted));
  result_.faults = disturber.counts();
  run.wait_until([] { return false; }, 2 * time_ + kPatience);
  judge_end(run);
  run.finish();
  if (watch_.signal() != 0) throw GaveUp{128 + watch_.signal()};
  if (result_.trouble.empty()) result_.trouble = run.trouble().message();
  read_letters(run, &Oracle::arrive);
}

void Command::judge_end(OneRun& run) {
  if (watch_.signal() != 0) throw GaveUp{128 + watch_.signal()};
  if (!run.trouble().ok()) return;
  if (run.worker_runs()) {
    result_.trouble = "the pipeline did not come to its end after the last fault";
    run.kill_worker();
  } else if (run.worker_exit_code() != kExitDone) {
    result_.trouble = "the worker ended with exit code " + std::to_string(run.worker_exit_code());
  } else if (result_.faults.kills() == 0) {  // else they begin at its start
    result_.second_run = page_->books;
  }
  if (!result_.trouble.empty()) print_tail(run.log_file(), format_);
}

int compare_files(const ChaosOptions& options) {
  const auto verdict = compare(options.compare[0], options.compare[1]);
  if (!verdict) return refuse(options, verdict.status().message());
  std::fputs(options.json ? to_json(*verdict).c_str() : to_text(*verdict).c_str(), stdout);
  return verdict->faults() == 0 ? kExitDone : kExitFailed;
}

/// Programs that have to lie beside weir.
Status check_programs() {
  for (const char* name : {"weir-broker", "weir-consume"}) {
    if (!std::filesystem::exists(program_path(name)))
      return Status::config(program_path(name) + " is not there: chaos needs it beside weir");
  }
  return {};
}

}  // namespace
}  // namespace chaos

int run_chaos(const CommonOptions& common, const ChaosOptions& options) {
  using namespace chaos;  // NOLINT: all of this file
  if (!options.compare.empty()) return compare_files(options);
  if (options.path.empty()) return refuse(options, "chaos wants a file with a pipeline, or --compare");
  const auto time = spec::parse_duration(options.time);
  if (!time || *time < 1000)
    return refuse(options, "--for: expected a duration of at least 1s, such as 30s or 2m, not '" + options.time + "'");
  auto topics = parse_topics(options.topics);
  if (!topics) return refuse(options, topics.status().message());
  if (const Status there = check_programs(); !there.ok()) return refuse(options, there.message());
  WatchPoint watch;  // before there is anything to clear away
  auto work = WorkFolder::make(options.work);
  if (!work) return refuse(options, work.status().message());
  return Command(common, options, Milliseconds(*time), *std::move(topics), watch, *work).run();
}

}  // namespace weir::host::cli
