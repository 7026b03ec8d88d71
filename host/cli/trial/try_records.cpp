#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>

#include "cli/assemble.h"
#include "cli/envelope/envelope.h"
#include "cli/load.h"
#include "cli/trial/open_ends.h"
#include "cli/trial/trial.h"

namespace weir::host::cli {
namespace {

/// Prints what comes out: what would reach the sink to standard output, what would be dead letters to standard error.
class Printer final : public Trial::Audience {
 public:
  Printer(const spec::PipelineSpec& pipeline, bool steps)
      : pipeline_(pipeline),
        payload_(pipeline.shows_dead_payload() ? LetterPayload::plain : LetterPayload::none),
        steps_(steps) {}

  /// Of the record that comes next.
  void set_line(std::uint64_t number) { line_ = std::to_string(number); }

  [[nodiscard]] bool wants_steps() const override { return steps_; }
  void step(const std::string& transform, const Slice& slice) override { print(slice, transform); }

  Status result(const Slice& slice) override {
    print(slice, {});
    for (const Record* record : slice.records()) {
      if (record->fate != Fate::failed) continue;
      std::fprintf(stderr, "%s\n", error_envelope(*record, pipeline_.name, payload_, "standard input", line_).c_str());
      if (pipeline_.tolerance == spec::Tolerance::none)
        return Status::data("Line " + line_ + " is bad, and tolerance is none.");
    }
    return {};
  }

 private:
  static void print(const Slice& slice, std::string_view step) {
    for (const Record* record : slice.records()) {
      if (record->fate == Fate::live) std::puts(envelope(*record, step).c_str());
    }
  }

  const spec::PipelineSpec& pipeline_;
  const LetterPayload payload_;
  const bool steps_;
  std::string line_;
};

/// Cuts a line as sources of lines do: its end may be CRLF, the first may begin with a byte order mark. False: it is blank.
bool trim(std::string& line, std::uint64_t number) {
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  return line.find_first_not_of(" \t\r\v\f") != std::string::npos;
}

Status take_lines(const spec::PipelineSpec& pipeline, Trial& trial, Printer& printer) {
  std::uint64_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    ++number;
    if (!trim(line, number)) continue;
    if (line.size() > pipeline.memory / 4)
      return Status::data("Line " + std::to_string(number) + " is longer than a quarter of memory.");
    printer.set_line(number);
    Message message;
    message.value = line;
    if (Status taken = trial.take(message); !taken.ok()) return taken;
  }
  if (std::ferror(stdin) != 0)
    return Status::fatal(std::string("Standard input cannot be read: ") + std::strerror(errno));
  return {};
}

Status run(const spec::PipelineSpec& pipeline, TaskParts parts, bool steps) {
  Printer printer(pipeline, steps);
  Trial trial(pipeline, std::move(parts), printer);
  Status status = trial.start();
  if (status.ok()) status = take_lines(pipeline, trial, printer);
  if (status.ok()) status = trial.flush();
  trial.stop();
  return status;
}

}  // namespace

int try_records(const CommonOptions& common, const TryOptions& options) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  const OpenEnds catalog(*registry);
  const auto pipelines = load_pipelines({options.path}, catalog, {});
  if (!pipelines) return kExitUsage;
  if (pipelines->size() != 1) {
    return complain(options.path + " holds " + std::to_string(pipelines->size()) + " pipelines; try takes one",
                    kExitUsage);
  }
  const spec::PipelineSpec& pipeline = pipelines->front();
  spec::Diagnostics diagnostics;
  auto parts = assemble_transforms(pipeline, *registry, TaskSeat{0, 1, pipeline.memory, nullptr}, diagnostics);
  print(diagnostics);
  if (!parts) return kExitUsage;
  const Status status = run(pipeline, std::move(*parts), options.steps);
  std::fflush(stdout);
  if (status.ok()) return kExitDone;
  return complain(status.message(), kExitFailed);
}

}  // namespace weir::host::cli
