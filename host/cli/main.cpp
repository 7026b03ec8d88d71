#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command_table.h"
#include "cli/commands.h"
#include "cli/dlq/arguments.h"
#include "cli/version.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

constexpr const char* kDescription =
    "weir runs pipelines that are declared in YAML: source, transforms, sink; each a plugin.\n"
    "Start with `weir validate PIPELINE.yaml`, then `weir run PIPELINE.yaml`.";
constexpr const char* kFooter =
    "Exit codes: 0 done, 1 a pipeline failed, 2 configuration or usage.\n"
    "Plugins are found beside weir, in --plugins DIR and in $WEIR_PLUGINS (folders, ':' between).";

/// All that the command line may set.
struct Arguments {
  CommonOptions common;
  RunOptions run;
  ValidateOptions validate;
  PluginsOptions plugins;
  TryOptions attempt;
  TopOptions top;
  TapOptions tap;
  ReplayOptions replay;
  TestOptions test;
  NewOptions create;
  CheckOptions check;
  SpoolOptions spool;
  DlqOptions dlq;
  ChaosOptions chaos;
};

template <typename Value>
std::set<std::string> names_of(const std::map<std::string, Value>& values) {
  std::set<std::string> names;
  for (const auto& [name, value] : values) names.insert(name);
  return names;
}

const std::map<std::string, LogLevel>& log_levels() {
  static const std::map<std::string, LogLevel> levels{{"error", LogLevel::error},
                                                      {"warn", LogLevel::warn},
                                                      {"info", LogLevel::info},
                                                      {"debug", LogLevel::debug},
                                                      {"trace", LogLevel::trace}};
  return levels;
}

const std::map<std::string, LogFormat>& log_formats() {
  static const std::map<std::string, LogFormat> formats{{"text", LogFormat::text}, {"json", LogFormat::json}};
  return formats;
}

const std::set<std::string>& kinds() {
  static const std::set<std::string> kinds{"source", "transform", "predicate", "sink"};
  return kinds;
}

/// Of what `weir new` writes.
const std::set<std::string>& template_kinds() {
  static const std::set<std::string> kinds{"source", "transform", "sink"};
  return kinds;
}

/// Of what `weir spool` does.
const std::set<std::string>& spool_actions() {
  static const std::set<std::string> actions{"status", "ls", "peek", "verify", "export", "repair"};
  return actions;
}

void add_common(CLI::App& app, CommonOptions& common) {
  app.add_option("--log-level", common.log_level, "What is logged: error, warn, info, debug or trace")
      ->transform(CLI::Transformer(log_levels()).description(""))
      ->transform(CLI::IsMember(names_of(log_levels())).description(""))  // put before the other
      ->default_str("info")
      ->type_name("LEVEL");
  app.add_option("--log-format", common.log_format, "How: text or json, one object a line")
      ->transform(CLI::Transformer(log_formats()).description(""))
      ->transform(CLI::IsMember(names_of(log_formats())).description(""))  // put before the other
      ->default_str("text")
      ->type_name("FORMAT");
  app.add_option("--plugins", common.plugins, "A further folder of plugins; may be given several times")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

/// For what is generated from the command line's own table; no help shows it.
CLI::App* add_command_table(CLI::App& app) {
  return app.add_subcommand("command-table", "Prints commands and options as JSON")->group("");
}

int print_command_table(const CLI::App& app) {
  const Choices choices{{"LEVEL", names_of(log_levels())},
                        {"FORMAT", names_of(log_formats())},
                        {"KIND", kinds()},
                        {"new KIND", template_kinds()},
                        {"spool ACTION", spool_actions()}};
  std::printf("%s\n", command_table(app, choices).c_str());
  return kExitDone;
}

CLI::App* add_run(CLI::App& app, RunOptions& options) {
  CLI::App* command =
      app.add_subcommand("run", "Runs every pipeline in the files or folders until they end or SIGTERM");
  command->add_option("PATH", options.paths, "Pipeline files, or folders whose *.yaml are taken")->required();
  command->add_option("--state", options.state, "Where positions are kept")->type_name("DIR")->capture_default_str();
  command->add_option("--report", options.report, "Writes the ledger of every pipeline there, as JSON")
      ->type_name("FILE");
  command->add_flag("--fresh", options.fresh, "Forgets stored positions: sources start anew");
  command->add_flag("--watch", options.watch,
                    "Reloads when a configuration file or a plugin has changed, as SIGHUP does");
  CLI::Option* admin =
      command
          ->add_option("--admin", options.admin, "Serves metrics, health and taps over HTTP there: PORT or HOST:PORT")
          ->type_name("ADDR");
  command->add_flag("--admin-allow-remote", options.admin_allow_remote, "Lets ADDR be one that others can reach")
      ->needs(admin);
  command
      ->add_flag("--admin-unsafe-tap", options.admin_unsafe_tap,
                 "Lets `weir tap --unsafe` look at records that are not redacted yet")
      ->needs(admin);
  return command;
}

CLI::App* add_validate(CLI::App& app, ValidateOptions& options) {
  CLI::App* command = app.add_subcommand("validate", "Checks all that can be checked without touching the outside");
  command->add_option("PATH", options.paths, "Pipeline files, or folders whose *.yaml are taken")->required();
  command->add_flag("--no-env", options.no_env, "Lets unset ${env:...} and missing ${file:...} pass");
  return command;
}

CLI::App* add_plugins(CLI::App& app, PluginsOptions& options) {
  CLI::App* command = app.add_subcommand("plugins", "Lists the components that were found, or documents one");
  command->add_option("NAME", options.name, "The name of a component");
  command->add_option("--kind", options.kind, "Only source, transform, predicate or sink")
      ->check(CLI::IsMember(kinds()).description(""))
      ->type_name("KIND");
  command->add_flag("--json", options.json, "As JSON");
  return command;
}

CLI::App* add_try(CLI::App& app, TryOptions& options) {
  CLI::App* command =
      app.add_subcommand("try",
                         "Runs a pipeline's transforms over standard input, one record a line; prints what would reach "
                         "the sink;\nbad records go to standard error, as their dead letters would be");
  command->add_option("PIPELINE", options.path, "A file with one pipeline")->required();
  command->add_flag("--steps", options.steps, "Also after each transform");
  return command;
}

void add_admin(CLI::App& command, std::string& admin) {
  command.add_option("--admin", admin, "The worker's --admin address")->type_name("ADDR")->capture_default_str();
}

CLI::App* add_top(CLI::App& app, TopOptions& options) {
  CLI::App* command = app.add_subcommand("top", "Shows what a worker's pipelines do, every second; q ends it");
  command->add_flag("--once", options.once, "Prints it once; so does an output that is no terminal");
  add_admin(*command, options.admin);
  return command;
}

CLI::App* add_tap(CLI::App& app, TapOptions& options) {
  constexpr std::uint64_t kMost = 1'000'000;
  CLI::App* command = app.add_subcommand(
      "tap", "Prints some of the records that pass through a running pipeline, one JSON object a line");
  command->add_option("PIPELINE", options.pipeline, "Its name")->required();
  command->add_option("--after", options.after, "As they stand after that transform; else after the last one")
      ->type_name("TRANSFORM");
  command->add_option("--count", options.count, "Ends after so many")
      ->check(CLI::Range(std::uint64_t{1}, kMost).description(""))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--unsafe", options.unsafe,
                    "Also before the last privacy transform, where the worker runs with --admin-unsafe-tap");
  add_admin(*command, options.admin);
  return command;
}

CLI::App* add_replay(CLI::App& app, ReplayOptions& options) {
  constexpr std::uint64_t kMost = 1'000'000'000;
  CLI::App* command =
      app.add_subcommand("replay",
                         "Sends what a pipeline's spool has kept (keep_delivered) once more through its transforms to "
                         "the sink,\nbeside the worker or without it; records get the header __weir.replay");
  command->add_option("PIPELINE", options.path, "A file with one pipeline that has a spool")->required();
  command
      ->add_option("--from", options.from,
                   "Records spooled since then: 2026-11-23, 2026-11-23T04:05:06Z, or how long ago: -2d, -90m")
      ->type_name("TIME")
      ->required();
  command->add_option("--to", options.to, "Records spooled before then")->type_name("TIME")->capture_default_str();
  command->add_option("--key", options.key, "Only records that came with this key")->type_name("KEY");
  command
      ->add_option("--match", options.match,
                   "Only records whose value, as it was spooled, meets it, such as '{field: mpid, equals: 7}'")
      ->type_name("CONDITION");
  command->add_option("--rate", options.rate, "So many a second at most")
      ->check(CLI::Range(std::uint64_t{1}, kMost).description(""))
      ->type_name("N");
  command->add_flag("--dry-run", options.dry_run, "Sends nothing: says what would be sent");
  command->add_option("--state", options.state, "Where the worker keeps its positions")
      ->type_name("DIR")
      ->capture_default_str();
  return command;
}

CLI::App* add_test(CLI::App& app, TestOptions& options) {
  CLI::App* command = app.add_subcommand("test", "Runs the tests of pipelines and prints what came otherwise");
  command->add_option("PATH", options.paths, "Files of tests, or folders whose *.test.yaml are taken")->required();
  return command;
}

CLI::App* add_new(CLI::App& app, NewOptions& options) {
  CLI::App* command =
      app.add_subcommand("new", "Writes the project of a plugin into a new folder NAME: class, tests, example");
  command->add_option("KIND", options.kind, "transform, source or sink")
      ->required()
      ->check(CLI::IsMember(template_kinds()).description(""));
  command->add_option("NAME", options.name, "The `type:` of the YAML, such as cut_blanks")->required();
  return command;
}

CLI::App* add_check(CLI::App& app, CheckOptions& options) {
  CLI::App* command = app.add_subcommand(
      "check", "Checks whether a plugin keeps the rules of the plugin boundary, each rule in a process of its own");
  command->add_option("PLUGIN", options.library, "The library, NAME.so")->required();
  command
      ->add_option("--config", options.config,
                   "YAML documents with `type` and fields of components, where a made up configuration does not do")
      ->type_name("FILE");
  return command;
}

CLI::App* add_spool(CLI::App& app, SpoolOptions& options) {
  CLI::App* command = app.add_subcommand(
      "spool",
      "Looks into a spool, beside a running worker and without one; what is read there is as it was before redaction");
  command
      ->add_option(
          "ACTION", options.action,
          "status: how much waits; ls: the segments; peek: the next records; verify: looks for damage; export: what "
          "waits, as envelopes; repair: makes it open again, no worker may run")
      ->required()
      ->check(CLI::IsMember(spool_actions()).description(""));
  command->add_option("PATH", options.path, "The spool's folder, or a file with its pipeline")->required();
  command
      ->add_option("--secret-file", options.secret_file,
                   "The secrets of an encrypted spool, where no pipeline names them")
      ->type_name("FILE");
  command->add_option("--state", options.state, "The worker's state directory, for a pipeline's exact position")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--from", options.from, "peek, export: begins with the record of that sequence number")
      ->type_name("N");
  command->add_option("--count", options.count, "peek, export: ends after so many records; peek: 10")->type_name("N");
  command->add_flag("--all", options.all, "export: also what is delivered and kept");
  command->add_flag("--json", options.json, "status, ls, verify: as JSON");
  command->add_flag("--plan", options.plan, "repair: says what it would do, and does nothing");
  return command;
}

CLI::App* add_chaos(CLI::App& app, ChaosOptions& options) {
  constexpr std::uint32_t kMost = 1000;
  const auto number = [](CLI::Option* option) {
    return option->check(CLI::Range(std::uint32_t{0}, kMost).description(""))->type_name("N")->capture_default_str();
  };
  CLI::App* command = app.add_subcommand(
      "chaos",
      "Runs a pipeline against a throw-away broker, undisturbed and then with its worker killed and the broker frozen "
      "at "
      "random;\n"
      "prints what was lost, duplicated, reordered. The pipeline's own state, spool, files and broker are never "
      "touched");
  CLI::Option* path = command->add_option("PIPELINE", options.path, "A file with the pipeline; its source has to end");
  command->add_option("--pipeline", options.pipeline, "Which one, where the file has several")->type_name("NAME");
  number(command->add_option("--kills", options.kills, "So often the worker is killed"));
  CLI::Option* freezes = number(command->add_option("--freezes", options.freezes, "So often the broker stands still"));
  command
      ->add_option("--for", options.time,
                   "Stretches the disturbed run to about that; the undisturbed one may take as long")
      ->type_name("DURATION")
      ->capture_default_str();
  command->add_option("--seed", options.seed, "The same faults as the run that printed it")->type_name("N");
  CLI::Option* topics = command
                            ->add_option("--topics", options.topics,
                                         "Partitions of topics, NAME:N,...; else what the pipeline says, or 12")
                            ->type_name("LIST");
  CLI::Option* bootstrap = command->add_option(
      "--bootstrap", options.bootstrap,
      "Disturbs a run against that cluster instead, without log-in, and without freezes: HOST:PORT");
  CLI::Option* topic =
      command->add_option("--topic", options.topic, "The topic to use there: it has to be there, and empty");
  bootstrap->needs(topic)->excludes(freezes)->excludes(topics)->type_name("ADDR");
  topic->needs(bootstrap)->type_name("NAME");
  command
      ->add_option("--work", options.work,
                   "Works there and keeps it, with the workers' logs; else in a temporary folder")
      ->type_name("DIR");
  command->add_flag("--json", options.json, "As JSON");
  command
      ->add_option("--compare", options.compare,
                   "Runs nothing: compares two files that weir-consume wrote, what should have come, then what came")
      ->expected(2)
      ->type_name("FILE")
      ->excludes(path);
  return command;
}

/// The command that was given and has commands itself, or the program.
const CLI::App& innermost_with_commands(const CLI::App& app) {
  for (const CLI::App* command : app.get_subcommands()) {
    if (!command->get_subcommands({}).empty()) return *command;
  }
  return app;
}

/// The word that stands where one of `commands` should; empty: there is a command, or no word at all.
std::string unknown_command(const CLI::App& app, const CLI::App& commands) {
  if (!commands.get_subcommands().empty()) return {};
  for (const std::string& word : app.remaining(true)) {
    if (!word.starts_with('-')) return word;
  }
  return {};
}

/// Shows help and versions on standard output, what is wrong on standard error.
int answer(CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& commands = innermost_with_commands(app);
  const std::string word = unknown_command(app, commands);
  if (error.get_exit_code() == 0 || word.empty()) return app.exit(error) == 0 ? kExitDone : kExitUsage;
  std::vector<std::string> names;
  for (const CLI::App* command : commands.get_subcommands({})) {
    if (!command->get_group().empty()) names.push_back(command->get_name());
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  return complain("unknown command " + spec::in_quotes(word) + "; " + spec::suggestion(word, known, "commands"),
                  kExitUsage);
}

/// A result that did not reach its reader is a failure: a full disk must not pass for an empty answer.
int flushed(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  return complain(std::string("cannot write to standard output: ") + std::strerror(errno),
                  code == kExitDone ? kExitFailed : code);
}

}  // namespace

int complain(const std::string& what, int exit_code) {
  if (Log::format() == LogFormat::json) {
    Log().error(what);
  } else {
    std::fprintf(stderr, "weir: error: %s\n", what.c_str());
  }
  return exit_code;
}

int main(int argc, char** argv) try {
  CLI::App app(kDescription, "weir");
  Arguments arguments;
  app.footer(kFooter);
  app.set_version_flag("--version", version_text());
  app.require_subcommand(1);
  app.fallthrough();
  add_common(app, arguments.common);
  const CLI::App* table_command = add_command_table(app);
  const CLI::App* run_command = add_run(app, arguments.run);
  const CLI::App* validate_command = add_validate(app, arguments.validate);
  const CLI::App* plugins_command = add_plugins(app, arguments.plugins);
  const CLI::App* schema_command =
      app.add_subcommand("schema", "Prints the JSON Schema of the YAML with all found components, for editors");
  const CLI::App* try_command = add_try(app, arguments.attempt);
  const CLI::App* replay_command = add_replay(app, arguments.replay);
  const CLI::App* test_command = add_test(app, arguments.test);
  const CLI::App* check_command = add_check(app, arguments.check);
  const CLI::App* new_command = add_new(app, arguments.create);
  const CLI::App* spool_command = add_spool(app, arguments.spool);

  const CLI::App* top_command = add_top(app, arguments.top);
  const CLI::App* tap_command = add_tap(app, arguments.tap);
  const CLI::App* dlq_command = add_dlq(app, arguments.dlq);
  const CLI::App* chaos_command = add_chaos(app, arguments.chaos);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answer(app, error);
  }
  start_log(arguments.common.log_level, arguments.common.log_format);
  if (*table_command) return flushed(print_command_table(app));
  if (*run_command) return run(arguments.common, arguments.run);
  if (*validate_command) return flushed(validate(arguments.common, arguments.validate));
  if (*plugins_command) return flushed(plugins(arguments.common, arguments.plugins));
  if (*schema_command) return flushed(schema(arguments.common));
  if (*try_command) return flushed(try_records(arguments.common, arguments.attempt));
  if (*top_command) return flushed(top(arguments.top));
  if (*tap_command) return flushed(tap(arguments.tap));
  if (*replay_command) return flushed(replay(arguments.common, arguments.replay));
  if (*test_command) return flushed(test(arguments.common, arguments.test));
  if (*dlq_command) return flushed(dlq(*dlq_command, arguments.common, arguments.dlq));
  if (*chaos_command) return flushed(run_chaos(arguments.common, arguments.chaos));
  if (*check_command) return flushed(check(arguments.check));
  if (*new_command) return flushed(new_plugin(arguments.common, arguments.create));
  if (*spool_command) return flushed(spool(arguments.common, arguments.spool));
  return kExitUsage;
} catch (const std::exception& error) {
  std::fprintf(stderr, "weir: %s\n", error.what());
  return kExitFailed;
}

}  // namespace weir::host::cli
