#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <optional>
#include <thread>

#include "cli/assemble.h"
#include "cli/envelope.h"
#include "cli/load.h"
#include "pipeline/chain.h"

namespace weir::host::cli {
namespace {

/// Nothing is delivered here, so nothing is acknowledged either.
class NoAcks final : public Acks {
 public:
  void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
};

/// Takes lines of standard input through a pipeline's transforms, a slice a line, and prints what comes out.
class Trial {
 public:
  Trial(const spec::PipelineSpec& pipeline, TaskParts parts, bool steps)
      : pipeline_(pipeline),
        steps_(steps),
        parts_(std::move(parts)),
        memory_(pipeline.memory),
        home_{&memory_, &acks_, parts_.json.get()},
        chain_(parts_.stages, parts_.json.get(), {pipeline.retry_timeout, pipeline.retry_delay_max}, &Trial::pause,
               Log().with("pipeline", pipeline.name)) {}

  int run() {
    if (const Status started = chain_.start(); !started.ok()) return complain(started);
    int exit_code = kExitDone;
    for (std::string line; exit_code == kExitDone && std::getline(std::cin, line);) exit_code = take(line);
    if (std::ferror(stdin) != 0)
      exit_code = complain(Status::fatal(std::string("Standard input cannot be read: ") + std::strerror(errno)));
    if (exit_code == kExitDone) exit_code = flush();
    chain_.stop();
    std::fflush(stdout);
    return exit_code;
  }

 private:
  static bool pause(Milliseconds delay) {
    std::this_thread::sleep_for(delay);
    return true;
  }

  int take(std::string& line) {
    ++line_number_;
    // As sources of lines do: the end may be CRLF, the first line may begin with a byte order mark, blank lines are none.
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line_number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.find_first_not_of(" \t\r\v\f") == std::string::npos) return kExitDone;
    if (line.size() > memory_.record_limit())
      return complain(Status::data("Line " + std::to_string(line_number_) + " is longer than a quarter of memory."));
    Slice& slice = fresh_slice();
    Origin* origin = slice.origins()->open(Origin::kNoPartition, kNullBytes, 0);
    slice.append(*origin)->set_slot(WEIR_VALUE, slice.arena().copy(line));
    slice.seal();
    return through(slice, 0);
  }

  /// What transforms hold back comes out at the end of the input.
  int flush() {
    for (std::size_t stage = 0; stage < chain_.stages(); ++stage) {
      if (!chain_.holds(stage)) continue;
      Slice& slice = fresh_slice();
      if (const Status flushed = chain_.flush(stage, slice); !flushed.ok()) return complain(flushed);
      show(slice, pipeline_.transforms[stage].name);
      if (const int exit_code = through(slice, stage + 1); exit_code != kExitDone) return exit_code;
    }
    return kExitDone;
  }

  int through(Slice& slice, std::size_t first) {
    for (std::size_t stage = first; stage < chain_.stages(); ++stage) {
      if (const Status applied = chain_.apply(stage, slice); !applied.ok()) return complain(applied);
      show(slice, pipeline_.transforms[stage].name);
    }
    chain_.finish(slice);
    for (const Record* record : slice.records()) {
      if (record->fate == Fate::live) std::puts(envelope(*record, {}).c_str());
    }
    return bad_records(slice);
  }

  /// With --steps: what stands there after a transform.
  void show(Slice& slice, const std::string& step) {
    if (!steps_) return;
    chain_.finish(slice);
    for (const Record* record : slice.records()) {
      if (record->fate == Fate::live) std::puts(envelope(*record, step).c_str());
    }
  }

  /// Bad records would not reach the sink: they are shown on standard error, as their dead letters would be. With tolerance none the
  /// first one ends it.
  int bad_records(const Slice& slice) {
    for (const Record* record : slice.records()) {
      if (record->fate != Fate::failed) continue;
      std::fprintf(stderr, "%s\n",
                   error_envelope(*record, pipeline_.name, pipeline_.has_privacy_transform(), "standard input",
                                  std::to_string(line_number_))
                       .c_str());
      if (pipeline_.tolerance == spec::Tolerance::none)
        return complain(Status::data("Line " + std::to_string(line_number_) + " is bad, and tolerance is none."));
    }
    return kExitDone;
  }

  Slice& fresh_slice() {
    if (held_back())
      slices_.emplace_back(new Slice(home_));
    else
      slices_.back()->recycle();
    return *slices_.back();
  }

  /// The newest slice may not be used again: a transform keeps records of it, or there is none.
  [[nodiscard]] bool held_back() const {
    if (slices_.empty()) return true;
    for (const Record* record : slices_.back()->records()) {
      if (record->fate == Fate::held) return true;
    }
    return false;
  }

  static int complain(const Status& status) {
    std::fflush(stdout);
    std::fprintf(stderr, "weir: error: %s\n", status.message().c_str());
    return kExitFailed;
  }

  const spec::PipelineSpec& pipeline_;
  const bool steps_;
  TaskParts parts_;
  MemoryMeter memory_;
  NoAcks acks_;
  SliceHome home_;
  Chain chain_;
  std::vector<std::unique_ptr<Slice>> slices_;
  std::uint64_t line_number_ = 0;
};

}  // namespace

int try_records(const CommonOptions& common, const TryOptions& options) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  const auto pipelines = load_pipelines({options.path}, *registry, {});
  if (!pipelines) return kExitUsage;
  if (pipelines->size() != 1) {
    std::fprintf(stderr, "weir: error: %s holds %zu pipelines; try takes one\n", options.path.c_str(),
                 pipelines->size());
    return kExitUsage;
  }
  const spec::PipelineSpec& pipeline = pipelines->front();
  spec::Diagnostics diagnostics;
  auto parts = assemble_transforms(pipeline, *registry, TaskSeat{0, 1, pipeline.memory, nullptr}, diagnostics);
  print(diagnostics);
  if (!parts) return kExitUsage;
  return Trial(pipeline, std::move(*parts), options.steps).run();
}

}  // namespace weir::host::cli
