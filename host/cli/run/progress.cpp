#include "cli/run/progress.h"

#include <unistd.h>

#include <cstdio>

#include "cli/run/report.h"
#include "observe/log.h"

namespace weir::host::cli {
namespace {

constexpr std::chrono::milliseconds kTerminalInterval{500};
constexpr std::chrono::milliseconds kLogInterval{30'000};
constexpr std::size_t kTerminalColumns = 79;

}  // namespace

Progress::Progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

std::chrono::milliseconds Progress::interval() const { return terminal_ ? kTerminalInterval : kLogInterval; }

void Progress::show(const std::vector<PipelineSummary>& summaries) {
  double seconds = 0;
  for (const PipelineSummary& summary : summaries) seconds = std::max(seconds, summary.seconds);
  const double step = std::max(seconds - seconds_before_, 0.001);
  seconds_before_ = seconds;
  std::string line;
  for (const PipelineSummary& summary : summaries) {
    const Ledger& ledger = summary.ledger;
    std::uint64_t& before = read_before_[summary.name];
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(ledger.read - before) / step);
    before = ledger.read;
    if (terminal_) {
      line += (line.empty() ? "" : " | ") + summary.name + ": read " + std::to_string(ledger.read) + " (" +
              std::to_string(rate) + "/s) delivered " + std::to_string(ledger.delivered) + " in flight " +
              std::to_string(ledger.in_flight);
      const std::uint64_t bad = ledger.dead_lettered + ledger.dropped;
      if (bad > 0) line += " bad " + std::to_string(bad);
      if (summary.backlog) line += " in spool " + std::to_string(summary.backlog->figures.records);
    } else if (summary.outcome.state == RunState::running) {
      Log log = Log().with("pipeline", summary.name);
      if (summary.backlog) log = log.with("in_spool", summary.backlog->figures.records);
      log.info("Running.", {{"read", ledger.read},
                            {"read_per_s", rate},
                            {"delivered", ledger.delivered},
                            {"dead_lettered", ledger.dead_lettered},
                            {"dropped", ledger.dropped},
                            {"in_flight", ledger.in_flight}});
    }
  }
  if (!terminal_) return;
  if (line.size() > kTerminalColumns) line = line.substr(0, kTerminalColumns - 3) + "...";
  // The cursor goes back to the line's start, so that a log line writes over it.
  std::fprintf(stderr, "%-*s\r", static_cast<int>(width_), line.c_str());
  width_ = line.size();
}

void Progress::end() {
  if (terminal_ && width_ > 0) std::fprintf(stderr, "%*s\r", static_cast<int>(width_), "");
  width_ = 0;
}

void show_to_the_end(Worker& worker) {
  Progress progress;
  while (!worker.wait_for(progress.interval())) progress.show(worker.summaries());
  progress.end();
}

}  // namespace weir::host::cli
