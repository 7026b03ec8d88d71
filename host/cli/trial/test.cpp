#include <cstdio>
#include <deque>

#include "cli/assemble.h"
#include "cli/load.h"
#include "cli/trial/open_ends.h"
#include "cli/trial/test_file.h"
#include "cli/trial/test_result.h"
#include "cli/trial/trial.h"
#include "config/yaml.h"
#include "spec/secrets.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

/// A suite with the pipeline it is about.
struct BoundSuite {
  TestSuite suite;
  spec::PipelineSpec pipeline;
};

TaskSeat seat_of(const spec::PipelineSpec& pipeline) { return {0, 1, pipeline.memory, nullptr}; }

/// Source and sinks do not run here, so variables that only they need may be unset.
bool transforms_were_judged(const spec::PipelineSpec& pipeline) {
  return were_judged(pipeline.transforms) && were_judged(pipeline.predicates);
}

std::vector<spec::PipelineSpec> check(const std::string& file, const spec::Catalog& catalog, spec::Diagnostics& out) {
  spec::Diagnostics strict;
  auto pipelines = check_files({file}, catalog, {}, strict);
  if (strict.has_errors()) {
    spec::Diagnostics lenient;
    auto others = check_files({file}, catalog, {.allow_unset = true}, lenient);
    if (!lenient.has_errors() && others.size() == 1 && transforms_were_judged(others.front())) return others;
  }
  out.add(strict);
  return pipelines;
}

/// What the tests of a suite run on; nothing when something is wrong, all of which goes to `diagnostics`.
std::optional<spec::PipelineSpec> pipeline_of(const TestSuite& suite, const Registry& registry,
                                              const spec::Catalog& catalog, spec::Diagnostics& diagnostics) {
  const std::size_t errors = diagnostics.error_count();
  auto pipelines = check(suite.pipeline, catalog, diagnostics);
  if (diagnostics.error_count() != errors) return std::nullopt;
  if (pipelines.size() != 1) {
    diagnostics.error(suite.file, suite.pipeline_mark,
                      "'pipeline': the file holds " + std::to_string(pipelines.size()) + " pipelines",
                      "tests are about one: give it a file of its own");
    return std::nullopt;
  }
  if (!assemble_transforms(pipelines.front(), registry, seat_of(pipelines.front()), diagnostics)) return std::nullopt;
  return std::move(pipelines.front());
}

/// All suites of all files, or nothing when one of them cannot run; what is wrong was printed.
std::optional<std::deque<BoundSuite>> load_suites(const std::vector<std::string>& paths, const Registry& registry,
                                                  const spec::Catalog& catalog) {
  spec::Diagnostics diagnostics;
  std::deque<BoundSuite> bound;
  for (const std::string& file : config::find_yaml(paths, diagnostics, config::Content::tests)) {
    const std::size_t errors = diagnostics.error_count();
    auto suites = read_tests(file, diagnostics);
    if (diagnostics.error_count() != errors) continue;
    for (TestSuite& suite : suites) {
      if (auto pipeline = pipeline_of(suite, registry, catalog, diagnostics))
        bound.push_back({std::move(suite), *std::move(pipeline)});
    }
  }
  print(diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return bound;
}

/// Runs one test and keeps what came of it.
class TestRun final : public Trial::Audience {
 public:
  TestRun(const spec::PipelineSpec& pipeline, TaskParts parts)
      : pipeline_(pipeline), trial_(pipeline, std::move(parts), *this) {}

  TestResult run(const TestCase& test) {
    Status status = trial_.start();
    for (const TestInput& input : test.input) {
      if (!status.ok() || stopped_) break;
      ++number_;
      status = trial_.take(message(input));
      if (!status.ok()) result_.error = "input " + std::to_string(number_) + ": " + status.message();
    }
    if (status.ok() && !stopped_) status = trial_.flush();
    if (!status.ok() && result_.error.empty()) result_.error = status.message();
    trial_.stop();
    return std::move(result_);
  }

  Status result(const Slice& slice) override {
    for (const Record* record : slice.records()) {
      if (record->fate == Fate::live) result_.records.emplace_back(*record);
      if (record->fate == Fate::failed && !stopped_) add_bad(*record->failure);
    }
    return {};
  }

 private:
  static Message message(const TestInput& input) {
    Message out;
    out.key = input.key;
    out.value = input.value;
    out.topic = input.topic;
    for (const auto& [name, value] : input.headers) out.headers.emplace_back(name, value);
    return out;
  }

  /// Without a word of the record: the reason is a constant and the path one of the configuration.
  void add_bad(const Failure& failure) {
    std::string line = "input " + std::to_string(number_) + ", transform " +
                       spec::in_quotes(std::string_view(failure.stage)) + ": " + failure.reason;
    if (!failure.at.empty()) line.append(" (").append(failure.at).append(")");
    if (pipeline_.tolerance == spec::Tolerance::none) {
      stopped_ = true;
      line += "; tolerance is none: the pipeline stops here";
    }
    result_.bad_records.push_back(std::move(line));
  }

  const spec::PipelineSpec& pipeline_;
  Trial trial_;
  TestResult result_;
  std::size_t number_ = 0;  // of the input that runs
  bool stopped_ = false;
};

spec::Secrets secrets_of(const BoundSuite& bound) {
  spec::Secrets secrets;
  secrets.add(bound.suite.node);
  for (const auto& transform : bound.pipeline.transforms) secrets.add(transform.fields);
  for (const auto& predicate : bound.pipeline.predicates) secrets.add(predicate.fields);
  return secrets;
}

/// Runs the tests of a suite, each on components of its own; prints those that fail and tells how many did.
std::size_t run_suite(const BoundSuite& bound, const Registry& registry) {
  const spec::Secrets secrets = secrets_of(bound);
  std::size_t failed = 0;
  for (const TestCase& test : bound.suite.cases) {
    spec::Diagnostics refused;
    auto parts = assemble_transforms(bound.pipeline, registry, seat_of(bound.pipeline), refused);
    std::vector<std::string> lines{"the transforms were refused: " + refused.text()};
    if (parts) lines = differences(test, TestRun(bound.pipeline, *std::move(parts)).run(test));
    if (lines.empty()) continue;
    ++failed;
    std::printf("%s:%zu:%zu: failed: %s\n", bound.suite.file.c_str(), test.mark.line, test.mark.column,
                secrets.masked(spec::in_quotes(test.name)).c_str());
    for (const std::string& line : lines) std::printf("  %s\n", secrets.masked(line).c_str());
  }
  return failed;
}

}  // namespace

int test(const CommonOptions& common, const TestOptions& options) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  const OpenEnds catalog(*registry);
  const auto suites = load_suites(options.paths, *registry, catalog);
  if (!suites) return kExitUsage;
  std::size_t all = 0;
  std::size_t failed = 0;
  for (const BoundSuite& bound : *suites) {
    all += bound.suite.cases.size();
    failed += run_suite(bound, *registry);
  }
  std::printf("%zu passed, %zu failed\n", all - failed, failed);
  return failed == 0 ? kExitDone : kExitFailed;
}

}  // namespace weir::host::cli
