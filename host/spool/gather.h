#pragma once
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "errors/status.h"
#include "record/slice.h"
#include "spool/block.h"

namespace weir::host::spool {

/// Records on their way to the disk, in blocks, in the order in which they came: producers fill and pack the blocks, one committer takes
/// them away in groups. While a group is being made durable, the next one gathers. Thread-safe.
class Gather {
 public:
  using Clock = std::chrono::steady_clock;
  /// Who puts records. Its count is the gather's; it outlives what it put.
  struct Owner {
    std::size_t held = 0;        // records of it that are here
    std::uint64_t releases = 0;  // how often some of them left
  };

  /// `memory`: bytes it may take; one larger record may take more.
  Gather(std::uint64_t memory, bool encrypts, std::function<std::int64_t()> now_ms);
  ~Gather();
  Gather(const Gather&) = delete;
  Gather& operator=(const Gather&) = delete;

  /// Takes the first `taken` records, as far as there is room. E_FATAL: what refuse() said.
  Status put(Owner& owner, std::span<Record* const> records, std::size_t& taken);
  /// Waits until some of the owner's records left, or all have, at most that long.
  Status wait(Owner& owner, std::chrono::milliseconds timeout);
  /// Waits until all of the owner's records are acknowledged; E_RETRY: not within the timeout.
  Status flush(Owner& owner, std::chrono::milliseconds timeout);
  /// Acknowledges with E_RETRY what is still here of the owner; what is being written is waited for.
  void give_back(Owner& owner);

  /// The next group, at least a block; empty: none came before `deadline`, or wake(). The committer then calls one of the two below.
  [[nodiscard]] std::span<const PackedBlock> take_group(Clock::time_point deadline);
  /// The group is durable: acknowledges its records.
  void group_is_durable();
  /// It is not: the same blocks come again.
  void keep_group();
  /// Waits without a group; ends early with wake().
  void pause(std::chrono::milliseconds time);
  /// take_group() and pause() return soon.
  void wake();
  /// Nothing is taken while it is closed.
  void close_door(bool closed);
  /// Nothing will ever become durable.
  void refuse(Status why);
  /// As new. Nothing is here.
  void reset();

 private:
  struct Waiting {
    Record* record;
    Owner* owner;
    std::size_t end;  // of its bytes in the block
  };
  struct Block {
    std::string raw;
    std::string packed;
    std::vector<Waiting> waiting;
    PackedBlock view;  // once it is packed
    bool is_packed = false;
    bool is_being_packed = false;
  };

  void add(Owner& owner, Record& record, std::int64_t now_ms, std::vector<Block*>& ended);
  void start_block(std::int64_t now_ms);
  Block* end_block();
  static void pack(Block& block);
  void forget(Owner& owner, Block& block, std::vector<Record*>& records);
  void acknowledge(const Block& block);
  void recycle(std::unique_ptr<Block> block);
  template <typename Holds>
  void wait_for(std::unique_lock<std::mutex>& lock, std::chrono::milliseconds timeout, Holds holds);
  [[nodiscard]] std::size_t ready() const;
  [[nodiscard]] bool is_enough() const;
  const std::vector<Block*>& group_blocks();

  const std::uint64_t budget_;  // raw bytes
  const std::uint64_t enough_;  // raw bytes that a group need not wait for more
  const std::function<std::int64_t()> now_ms_;

  mutable std::mutex mutex_;
  std::condition_variable work_;               // for the committer
  std::condition_variable changed_;            // for everybody else: records left, a group ended, a block was packed
  std::vector<std::unique_ptr<Block>> queue_;  // ended ones, in order; the first group_ of them are being written
  std::unique_ptr<Block> filling_;             // null: none
  std::vector<std::unique_ptr<Block>> spare_;
  std::size_t group_ = 0;    // blocks
  std::uint64_t bytes_ = 0;  // raw, of all that is here
  std::size_t holders_ = 0;  // owners with records here
  std::size_t waiters_ = 0;  // of them, those that wait for it
  bool is_idle_ = false;     // the committer has nothing to do
  bool door_closed_ = false;
  bool woken_ = false;
  Status failure_;

  // The committer's own.
  std::vector<Block*> group_blocks_;
  std::vector<PackedBlock> group_views_;
  std::vector<Record*> acked_;
};

}  // namespace weir::host::spool
