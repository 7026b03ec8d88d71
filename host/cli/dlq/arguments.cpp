#include "cli/dlq/arguments.h"

#include <CLI/CLI.hpp>

namespace weir::host::cli {
namespace {

void add_file(CLI::App& command, DlqOptions& options) {
  command.add_option("FILE", options.file, "A file of dead letters")->required();
}

void add_selection(CLI::App& command, LetterOptions& letters) {
  const auto several = [&](const char* name, std::vector<std::string>& values, const char* text, const char* type) {
    command.add_option(name, values, text)->type_name(type)->allow_extra_args(false);
  };
  several("--code", letters.codes, "Only those with that code, such as E_DATA; may be given several times", "CODE");
  several("--transform", letters.transforms, "Only those that failed in that transform; may be given several times",
          "TRANSFORM");
  several("--pipeline", letters.pipelines, "Only those of that pipeline; may be given several times", "NAME");
  several("--number", letters.numbers, "Only those of that line or range, 7 or 7-12; may be given several times",
          "NUMBER");
  command
      .add_option(
          "--since", letters.since,
          "Only those whose record has that time or a later one: 2026-11-23, 2026-11-23T04:05:06Z, or how long ago, 2d")
      ->type_name("TIME");
  command.add_option("--until", letters.until, "Only those whose record has an earlier time")->type_name("TIME");
  command.add_option("--limit", letters.limit, "At most so many")->type_name("N");
}

void add_replay_state(CLI::App& command, LetterOptions& letters) {
  CLI::Option* replayed = command.add_flag("--replayed", letters.replayed, "Only those that were replayed");
  command.add_flag("--waiting", letters.waiting, "Only those that were not replayed")->excludes(replayed);
}

void add_secret(CLI::App& command, DlqOptions& options) {
  command
      .add_option("--secret-file", options.secret_file,
                  "A file with the secrets that encrypted letters are opened with, one a line")
      ->type_name("FILE");
}

void add_list(CLI::App& dlq, DlqOptions& options) {
  CLI::App* command = dlq.add_subcommand("list", "Lists dead letters, without what they hold");
  add_file(*command, options);
  add_selection(*command, options.letters);
  add_replay_state(*command, options.letters);
  command->add_flag("--json", options.json, "One JSON object a line");
}

void add_stats(CLI::App& dlq, DlqOptions& options) {
  CLI::App* command = dlq.add_subcommand("stats", "Counts dead letters by what is wrong with them");
  add_file(*command, options);
  add_selection(*command, options.letters);
  add_replay_state(*command, options.letters);
  command->add_flag("--json", options.json, "As JSON");
}

void add_show(CLI::App& dlq, DlqOptions& options) {
  CLI::App* command = dlq.add_subcommand("show", "Prints one dead letter with its record, decrypted if need be");
  add_file(*command, options);
  command->add_option("NUMBER", options.number, "Its line, as `weir dlq list` tells it")->required();
  add_secret(*command, options);
  command->add_option("--config", options.pipeline, "A pipeline file whose secrets open it")->type_name("FILE");
}

void add_replay(CLI::App& dlq, DlqOptions& options) {
  CLI::App* command = dlq.add_subcommand("replay",
                                         "Sends the records of dead letters through a pipeline again, in order and "
                                         "once;\nwhat is bad again becomes a dead "
                                         "letter again. The worker has to be stopped");
  command->add_option("PIPELINE", options.pipeline, "A file with one pipeline")->required();
  command->add_option("--file", options.file, "The dead letters; else those that the pipeline writes")
      ->type_name("FILE");
  add_selection(*command, options.letters);
  add_secret(*command, options);
  command->add_flag("--dry-run", options.dry_run, "Runs the transforms, tells what would become of the records");
  command->add_option("--rate", options.rate, "At most so many records a second")->type_name("N");
  command->add_option("--state", options.state, "The worker's state directory")
      ->type_name("DIR")
      ->capture_default_str();
}

void add_drop(CLI::App& dlq, DlqOptions& options) {
  CLI::App* command = dlq.add_subcommand("drop", "Deletes dead letters for good. The worker has to be stopped");
  add_file(*command, options);
  add_selection(*command, options.letters);
  add_replay_state(*command, options.letters);
  command->add_flag("--all", options.all, "All of them");
  command->add_flag("--yes", options.yes, "Without asking");
}

}  // namespace

CLI::App* add_dlq(CLI::App& app, DlqOptions& options) {
  CLI::App* dlq =
      app.add_subcommand("dlq", "Looks into files of dead letters, sends their records again, deletes them");
  dlq->require_subcommand(1);
  dlq->fallthrough();
  add_list(*dlq, options);
  add_show(*dlq, options);
  add_stats(*dlq, options);
  add_replay(*dlq, options);
  add_drop(*dlq, options);
  return dlq;
}

int dlq(const CLI::App& command, const CommonOptions& common, const DlqOptions& options) {
  if (command.got_subcommand("list")) return dlq_list(options);
  if (command.got_subcommand("show")) return dlq_show(common, options);
  if (command.got_subcommand("stats")) return dlq_stats(options);
  if (command.got_subcommand("replay")) return dlq_replay(common, options);
  if (command.got_subcommand("drop")) return dlq_drop(options);
  return kExitUsage;
}

}  // namespace weir::host::cli
