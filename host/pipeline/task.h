#pragma once
#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

#include "errors/backoff.h"
#include "observe/log.h"
#include "pipeline/ack_queue.h"
#include "pipeline/chain.h"
#include "pipeline/checkpointer.h"
#include "pipeline/dead_letters.h"
#include "pipeline/figures.h"
#include "pipeline/outcome.h"
#include "pipeline/outlet.h"
#include "pipeline/overflow.h"
#include "pipeline/partition_table.h"
#include "pipeline/settings.h"
#include "pipeline/task_parts.h"
#include "pipeline/transform_pool.h"
#include "pipeline/window.h"

namespace weir::host {

/// One running copy of a pipeline: one thread that polls, transforms (or lets others do that, TaskParts::threads), puts and settles.
/// Built in three steps, since components need the positions before they exist:
///
///   Task task(settings, 0, checkpointer, log);          [control]
///   task.equip(build(task.seat()));                     [control] the components' constructors run here
///   Outcome outcome = task.run();                       [task] start, loop, flush, stop of every component
///   task is destroyed                                   [control]
///
/// What settings and checkpointer refer to outlives the task.
class Task {
 public:
  Task(const PipelineSettings& settings, std::uint32_t number, Checkpointer& checkpointer, Log log);
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  [[nodiscard]] TaskSeat seat();
  /// Once, before run(). Source and sink are there; json may be null where no component asks for documents.
  void equip(TaskParts parts);

  /// Runs until the source is exhausted and all is settled, a stop was asked for, or something failed. Once.
  [[nodiscard]] Outcome run();

  /// [any] As SIGTERM (design section 7): stop polling, flush held records, wait up to shutdown_timeout, checkpoint. Returns at once.
  void request_stop() noexcept;
  /// [any] The books, at most a quarter of a second old while it runs, exact after run().
  [[nodiscard]] Ledger ledger() const { return board_.read().ledger; }
  /// [any] The same and more, as old.
  [[nodiscard]] Figures figures() const { return board_.read(); }
  /// [any] Every component came through its start.
  [[nodiscard]] bool has_started() const { return started_.load(); }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Phase { starting, running, draining, ended };

  // start and end: task_life.cpp
  Status start();
  Status start_outlet(Outlet& outlet);
  Status start_dead_letters();
  Status start_source();
  void finish();
  void stop_threads();
  [[nodiscard]] Outcome outcome() const;

  // the loop: task.cpp
  void loop();
  Slice* poll();
  [[nodiscard]] bool may_poll();
  void heed_source(const Status& status);
  void transform(Slice& slice, std::size_t first = 0);
  void take_transformed();
  void put();
  void settle();
  void look_after();
  [[nodiscard]] bool may_sleep() const;
  [[nodiscard]] bool is_stuck() const;
  void rest();

  // what becomes of records: task_fates.cpp
  void transformed(Slice& slice, const Status& status);
  void account(Slice& slice);
  void bad(Record& record);
  void settle_acks();
  void settle_one(const Ack& ack);
  void keep_refused();
  void tell_source();

  // what the clock asks for: task_care.cpp
  void run_timers();
  void flush_held();
  void emit(std::size_t stage, const std::function<Status(Slice&)>& call);
  void enter_draining();
  [[nodiscard]] bool drained();
  void flush_sinks(Milliseconds timeout);
  void flush_sink(Outlet& outlet, Milliseconds timeout);
  void hurry_sink();
  void wait_in_sinks(Milliseconds timeout);
  bool pause(Milliseconds time);
  void heed_stop();
  void checkpoint();
  void submit(bool finished);
  void show();
  [[nodiscard]] Figures take_figures() const;
  void count_sinks();
  void forget_old_use();
  void watch_delivery();
  Status revoke(std::uint32_t partition, Milliseconds timeout);

  /// The pipeline fails, in an orderly way: as SIGTERM.
  void fail(Status why);
  /// The pipeline fails where it stands: what it needs to drain is broken.
  void fail_now(Status why);
  [[nodiscard]] std::int64_t now_ms() const;
  [[nodiscard]] std::size_t held() const;

  const PipelineSettings& settings_;
  const std::uint32_t number_;
  Checkpointer& checkpointer_;
  Log log_;

  // The components use these as long as they live, so they come first.
  MemoryMeter memory_;
  AckQueue acks_;
  SliceHome home_;
  PartitionTable partitions_;
  PositionLog positions_;
  Window window_;
  DeadLetters dead_letters_;
  DropNotice drops_;
  OverflowNotice overflows_;
  TaskParts parts_;
  std::optional<Chain> chain_;
  std::optional<TransformPool> pool_;  // none: the task transforms itself
  std::optional<Outlet> sink_;
  std::optional<Outlet> dead_letter_sink_;

  Ledger ledger_;
  FigureBoard board_;
  std::atomic<bool> stop_requested_{false};
  std::atomic<bool> started_{false};
  Phase phase_ = Phase::starting;
  Status failure_;
  bool source_started_ = false;
  bool source_ended_ = false;
  bool source_waits_ = false;  // it took all the time the latest poll gave it
  bool hold_puts_ = false;     // a record the sink refused stops the pipeline: nothing behind it may overtake it
  bool merged_ = false;        // records were merged since the last reclaim
  bool progress_ = false;      // this round got something done
  std::vector<Ack> ack_batch_;
  std::vector<Ack> refused_;  // dead letters of this batch that their sink refused
  std::size_t in_sinks_ = 0;  // the most bytes that sinks took beside the slices of late

  Clock::time_point now_{};  // of this round
  Clock::time_point drain_until_ = Clock::time_point::max();
  Clock::time_point next_checkpoint_{};
  Clock::time_point next_show_{};
  Milliseconds idle_{1};  // how long the next rest may be
  Milliseconds poll_timeout_{0};
  Backoff source_backoff_;
  std::uint64_t source_retries_ = 0;
  Clock::time_point source_retry_at_{};
  Clock::time_point source_give_up_at_ = Clock::time_point::max();
};

}  // namespace weir::host
