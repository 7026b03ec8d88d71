#pragma once
#include <chrono>
#include <list>
#include <memory>
#include <vector>

#include "pipeline/feed.h"
#include "pipeline/figures.h"
#include "pipeline/position_log.h"
#include "record/slice.h"

namespace weir::host {

/// A slice in its place in the window.
struct WindowEntry {
  using Clock = std::chrono::steady_clock;
  std::unique_ptr<Slice> slice;
  bool ready = false;            // has passed the whole chain: may be put
  bool lent = false;             // with another thread: neither it nor its origins are looked at
  std::size_t next = 0;          // the first record of it that was not offered yet
  std::size_t lent_records = 0;  // unsettled ones when it was lent
  Clock::time_point since;       // admitted
  std::list<WindowEntry>::iterator self;
};

/// The ordered records of a task that are not settled, in slices, bounded by the memory meter: the task polls only while another
/// slice fits. A slice whose records are all settled gives back its memory even when an earlier one is pinned; its positions stay
/// in the log until the prefix passes them. Slices are used again. [task]
class Window final : public Feed {
 public:
  using Clock = WindowEntry::Clock;

  /// `home` and `positions` outlive the window. `past_bad_records`: failed records do not hold up those behind them.
  Window(const SliceHome& home, PositionLog& positions, bool past_bad_records);

  /// Whether another slice may be polled: one fits beside what is pinned, what lent ones may still take and what the meter counts besides,
  /// or nothing is pinned at all.
  [[nodiscard]] bool has_room() const;
  /// An empty slice, not in the window yet.
  [[nodiscard]] std::unique_ptr<Slice> take_slice();
  /// One that was not needed, or is settled.
  void give_back(std::unique_ptr<Slice> slice);
  /// At the end; its origins are closed. Its records are not put before ready().
  Slice& admit(std::unique_ptr<Slice> slice, Clock::time_point now);
  /// The slice goes to another thread, which may change all of it: until take_back() it counts as it was.
  void lend(Slice& slice);
  void take_back(Slice& slice);
  /// The slice has passed the chain: its records may be put.
  void ready(Slice& slice);

  [[nodiscard]] std::span<Record* const> offer() override;
  void taken(std::size_t count) override;
  void rewind() override;
  /// Something is waiting to be put and may be.
  [[nodiscard]] bool has_offer() { return !offer().empty(); }

  /// The record has reached its end: delivered, filtered, dead-lettered or dropped. `refused`: its client shall hear that it was bad.
  void settle(Record& record, bool refused = false);
  /// Takes back the memory of slices that have settled. Not while a call into a component runs. `merged`: records were merged since
  /// the last call, so that slices may have settled without settle().
  void reclaim(bool merged);

  /// Records not at their end, counted one by one from what is there.
  [[nodiscard]] std::uint64_t in_flight() const;
  /// Of these, kept back by transforms.
  [[nodiscard]] bool holds_back() const;
  /// How long the oldest record that no transform holds has been here; zero: there is none.
  [[nodiscard]] Clock::duration oldest_age(Clock::time_point now) const;
  /// From admit() until the last record of a slice settled.
  [[nodiscard]] const Durations& settled_after() const { return settled_after_; }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// Slices it pins.
  [[nodiscard]] std::size_t slices() const { return entries_.size(); }

 private:
  using Entries = std::list<WindowEntry>;

  void remove(WindowEntry& entry);
  [[nodiscard]] std::size_t expected_slice() const;

  const SliceHome* home_;
  PositionLog* positions_;
  const bool past_bad_records_;
  Entries entries_;
  Entries spare_;                              // nodes to use again
  Entries::iterator cursor_ = entries_.end();  // everything before it was offered and taken
  std::vector<Record*> offered_;
  std::vector<WindowEntry*> drained_;  // settled, still to be reclaimed
  std::vector<std::unique_ptr<Slice>> pool_;
  std::size_t lent_ = 0;  // slices
  Durations settled_after_;
  std::size_t newest_ = 0;  // bytes of the slice that passed the chain last
};

}  // namespace weir::host
