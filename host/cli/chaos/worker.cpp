#include "cli/chaos/worker.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "checkpoint/store.h"
#include "cli/chaos/parts.h"
#include "cli/load.h"
#include "cli/run/configuration.h"
#include "cli/run/report.h"
#include "cli/run/signals.h"
#include "pipeline/worker.h"

namespace weir::host::cli::chaos {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kPartitions = 12;  // of a topic where nobody says

using SpecPtr = std::shared_ptr<const spec::PipelineSpec>;

/// The pipeline that is meant. E_CONFIG: that cannot be told.
Result<SpecPtr> choose(const Configuration& configuration, const ChaosOptions& options) {
  const auto& all = configuration.pipelines;
  if (all.size() == 1 && options.pipeline.empty()) return all.front();
  std::string names;
  for (const SpecPtr& pipeline : all) {
    if (pipeline->name == options.pipeline) return pipeline;
    names += (names.empty() ? "" : ", ") + pipeline->name;
  }
  if (all.empty()) return Status::config("there is no pipeline in " + options.path);
  return Status::config(options.pipeline.empty()
                            ? "there are several pipelines in " + options.path + ", --pipeline chooses one: " + names
                            : "there is no pipeline '" + options.pipeline + "' in " + options.path + ": " + names);
}

RunOptions run_options(const ChaosOptions& options, const Home& home) {
  RunOptions run;
  run.paths = {options.path};
  run.state = home.state();
  return run;
}

/// The pipeline, moved. Nothing: what is wrong was printed.
SpecPtr moved_pipeline(const Configuration& configuration, const ChaosOptions& options, const Home& home) {
  const auto chosen = choose(configuration, options);
  if (!chosen) {
    complain(chosen.status().message(), kExitUsage);
    return nullptr;
  }
  Status suitable = check_suitable(**chosen);
  if (suitable.ok() && !options.bootstrap.empty()) suitable = check_one_topic(**chosen);
  if (!suitable.ok()) {
    complain("no chaos for '" + (*chosen)->name + "': " + suitable.message(), kExitUsage);
    return nullptr;
  }
  auto moved = std::make_shared<spec::PipelineSpec>(**chosen);
  move_home(*moved, home);
  return moved;
}

bool letters_are_messages(const spec::PipelineSpec& pipeline) {
  return pipeline.dead_letter && has_broker(*pipeline.dead_letter);
}

/// Pipelines may take the broker's address from there, as under weir-broker.
void set_environment(const Home& home) { ::setenv("WEIR_BOOTSTRAP", home.bootstrap.c_str(), 1); }

Status build_once(Worker& worker, PipelinePlan plan, const std::shared_ptr<spec::Diagnostics>& diagnostics) {
  Status added = worker.add(std::move(plan));
  print_refusal(added, *diagnostics);
  return added;
}

}  // namespace

int WorkerCode::look(const Home& home, const std::string& facts_file) const {
  set_environment(home);
  const RunOptions run = run_options(options_, home);
  const auto configuration = read_configuration(common_, run);
  if (!configuration) return kExitUsage;
  const SpecPtr pipeline = moved_pipeline(*configuration, options_, home);
  if (pipeline == nullptr) return kExitUsage;
  const auto diagnostics = std::make_shared<spec::Diagnostics>();
  Worker worker;  // its components' constructors are heard, nothing is opened
  if (!build_once(worker, plan_of(*configuration, pipeline, run, diagnostics), diagnostics).ok()) return kExitUsage;

  Json topics = Json::array();
  for (const Topic& topic : topics_of(*pipeline, kPartitions)) topics.push_back({topic.name, topic.partitions});
  const Json facts{{"pipeline", pipeline->name},
                   {"topics", topics},
                   {"letter_files", letter_files(*pipeline, home)},
                   {"letters_are_messages", letters_are_messages(*pipeline)}};
  std::ofstream file(facts_file);
  if ((file << facts.dump(2) << "\n").flush()) return kExitDone;
  return complain("cannot write " + facts_file, kExitFailed);
}

int WorkerCode::run(const Home& home, SharedPage& page) const {
  const RunOptions run = run_options(options_, home);  // outlives the worker
  Worker worker;
  Signals signals([&worker] { worker.request_stop(); }, [] {});
  set_environment(home);
  auto configuration = read_configuration(common_, run);
  if (!configuration) return kExitUsage;
  const SpecPtr pipeline = moved_pipeline(*configuration, options_, home);
  if (pipeline == nullptr) return kExitUsage;
  const auto diagnostics = std::make_shared<spec::Diagnostics>();
  PipelinePlan plan = plan_of(*configuration, pipeline, run, diagnostics);
  plan.build = with_marks(std::move(plan.build), page, {letters_are_messages(*pipeline)});
  if (!build_once(worker, std::move(plan), diagnostics).ok()) return kExitUsage;
  const Result<StateLock> lock = StateLock::take(run.state);
  if (!lock) return complain(lock.status().message(), kExitUsage);

  worker.start();
  configuration.reset();  // the plan keeps what runs
  while (!worker.wait_for(std::chrono::seconds(60))) continue;
  const std::vector<PipelineSummary> summaries = worker.summaries();
  log_summaries(summaries);
  page.books = summaries.front().ledger;
  return worker.exit_code();
}

Facts read_facts(const std::string& file) {
  std::ifstream in(file);
  const Json json = Json::parse(in);
  Facts facts;
  facts.pipeline = json.at("pipeline").get<std::string>();
  facts.letter_files = json.at("letter_files").get<std::vector<std::string>>();
  facts.letters_are_messages = json.at("letters_are_messages").get<bool>();
  for (const Json& topic : json.at("topics"))
    facts.topics.push_back({topic.at(0).get<std::string>(), topic.at(1).get<int>()});
  return facts;
}

}  // namespace weir::host::cli::chaos
