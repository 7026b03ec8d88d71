#pragma once
#include <chrono>
#include <string>
#include <weir/source.hpp>

#include "events.h"
#include "waiting/wakeup.h"

namespace weir::plugins {

/// Makes up customer events: for trials, demonstrations and measurements.
class GenerateSource {
 public:
  static constexpr auto name = "generate";
  static constexpr auto version = "1.0.0";
  static constexpr auto summary = "Makes up customer events: for trials, demonstrations and measurements.";
  static constexpr auto details =
      R"(The same seed makes the same bytes, on every machine and whatever the rate: record i is a function of seed and i. `shape: event` is one flat event of about 1 KB, `shape:
batch` a batch of one to five events in mParticle's format. The people are made up.

The position is the index, so a restart goes on with the next one. Of several tasks, each makes its share: task t of n the indexes t, t + n, t + 2n and so on.)";
  static constexpr auto fields = weir::fields(
      weir::optional("shape", weir::choices("event", "batch"), R"("event")",
                     "What a record is: one event, or a batch of some."),
      weir::optional("count", weir::Type::integer, "1000", "How many records there are."),
      weir::optional("rate", weir::Type::number, "0", "Records a second, of all tasks together; 0: as fast as it can."),
      weir::optional("seed", weir::Type::integer, "1", "Which records: the same seed makes the same bytes."));
  static constexpr bool resumable = true;

  explicit GenerateSource(const Context& config);
  void start();
  Poll poll(Output& out);
  void wake() noexcept { wakeup_.wake(); }

 private:
  using Clock = std::chrono::steady_clock;

  std::uint32_t allowed(const Output& out);
  void append_next(Output& out, char* memory);
  [[nodiscard]] std::uint64_t due() const;

  Task task_;
  Positions positions_;
  Events events_;
  bool batches_;
  std::uint64_t count_;
  double rate_;  // records a second of this task; 0: no limit
  std::string partition_;
  std::uint64_t next_ = 0;  // index of the next record of this task
  Clock::time_point started_;
  std::uint64_t made_ = 0;  // since started_
  Wakeup wakeup_;
  std::size_t used_ = 0;  // of the block of this poll
};

}  // namespace weir::plugins
