#pragma once
#include <atomic>
#include <condition_variable>
#include <thread>

#include "spool/gather.h"
#include "spool/store.h"

namespace weir::host::spool {

/// What the ends of a spool share: the open folder, what gathers for it, and the thread that makes groups of it durable and looks after
/// the folder. Thread-safe but where said.
class Core {
 public:
  Core(const Options& options, FileSystem& files, std::function<std::int64_t()> now_ms, Log log);
  ~Core();

  /// One more end uses it; the first opens the folder. Codes: OK, E_CONFIG, E_FATAL.
  Status enter();
  /// One end less; the last closes the folder, unless it is held.
  void leave();
  void hold();
  void release();
  /// Where positions of the source are asked for; null: nowhere any more.
  void set_positions(const Positions* positions);

  [[nodiscard]] Gather& gather() { return gather_; }
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] BacklogFigures figures() const;

  // For the source.
  /// It starts: behind what has settled, also when another one has read further.
  Status begin_reading();
  Status read(Slice& into, std::uint32_t partition, const PollLimits& limits);
  /// Until something is durable that was not read, the input has ended, or wake_reader(); at most until `deadline`.
  void wait_for_records(Gather::Clock::time_point deadline);
  void wake_reader();
  void end_input();
  [[nodiscard]] bool input_ended() const { return input_ended_; }

 private:
  using Clock = Gather::Clock;

  Status open();
  void close();
  void close_if_left();
  void run();
  void commit(std::span<const PackedBlock> group);
  void wait_for_room(const Status& why);
  void tend();
  void heed_checkpoint();
  [[nodiscard]] Result<std::optional<Sequence>> checkpoint() const;

  const Options options_;
  const std::function<std::int64_t()> now_ms_;
  const Log log_;
  Store store_;
  Gather gather_;
  std::atomic<bool> input_ended_{false};
  std::atomic<bool> ending_{false};
  std::atomic<bool> full_{false};
  std::atomic<bool> counts_{false};  // it was opened: figures are whole

  // The thread's own.
  Clock::time_point next_tend_{};
  Clock::time_point submitted_at_{};
  std::optional<Sequence> submitted_;  // a checkpoint that may not be stored yet

  std::mutex ends_mutex_;  // guards what is below
  int ends_ = 0;
  bool held_ = false;
  bool open_ = false;
  std::thread thread_;
  bool was_read_ = false;  // since it was opened

  mutable std::mutex positions_mutex_;  // guards what is below
  const Positions* positions_ = nullptr;

  mutable std::mutex mutex_;  // guards what is below
  std::condition_variable readable_;
  bool reader_woken_ = false;
  Durations sync_times_;
};

}  // namespace weir::host::spool
