#pragma once
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/store.h"
#include "pipeline/io.h"

/// A fake for every interface of pipeline/io.h: scripted, in memory, single-threaded unless a test makes threads itself.
namespace weir::host::fake {

/// A record as a fake source gives it.
struct Event {
  std::string value;
  std::optional<std::string> key = std::nullopt;
  std::string partition = "p";  // "": no position
  std::uint64_t token = 0;
  bool tombstone = false;
  bool bad = false;  // failed by the source itself
};

/// Values "0" … "count-1".
[[nodiscard]] std::vector<Event> numbered(std::size_t count, const std::string& partition = "p");

/// Gives its events in order, an origin each; the offset is the number of events of that partition so far, itself included. Goes on
/// behind the stored offsets.
class Source final : public host::Source {
 public:
  static constexpr std::size_t kNever = SIZE_MAX;

  Source(std::vector<Event> events, Positions& positions);

  Status start() override;
  Status poll(Slice& into, const PollLimits& limits) override;
  void settled(std::span<const weir_settled> origins) noexcept override {
    told.insert(told.end(), origins.begin(), origins.end());
  }
  void wake() noexcept override { ++wakes; }
  void stop() noexcept override { ++stops; }

  std::vector<Event> events;
  std::size_t per_poll = 4;
  bool waits = false;                              // takes all the time a poll gives it
  Milliseconds longest_timeout{0};                 // that a poll gave it
  bool ends = true;                                // false: has nothing more for now
  std::deque<Status> start_answers;                // then OK
  std::deque<Status> poll_answers;                 // then OK; an answer that is not OK gives no records
  std::size_t breaks_at = kNever;                  // this event's origin is opened, then the poll fails once
  Status breaks_with;                              // so
  std::function<void()> on_poll;                   // before anything else
  std::function<void(Positions&)> with_positions;  // as on_poll
  std::vector<weir_settled> told;
  std::size_t next = 0;
  int starts = 0;
  int stops = 0;
  std::atomic<int> wakes = 0;

 private:
  std::uint64_t at_start(const std::string& partition);

  Positions& positions_;
  std::map<std::string, std::uint64_t> at_start_;  // offsets it found stored
  std::map<std::string, std::uint64_t> given_;     // events of a partition so far
};

inline constexpr char kRefusal[] = "refused by the fake";

/// Takes records, up to `capacity` at a time; acknowledges them in put, or when a test says so.
class Sink final : public host::Sink {
 public:
  Status start() override;
  Status put(std::span<Record* const> records, std::size_t& taken) override;
  Status service(Milliseconds timeout) override;
  Status flush(Milliseconds timeout) override;
  void stop() noexcept override;

  /// Acknowledges the first record it holds, or the one at `index`.
  void ack(weir_status status = WEIR_OK, const char* reason = "", std::size_t index = 0);
  void ack_all(weir_status status = WEIR_OK);

  bool acks_at_once = true;
  std::size_t capacity = 1000;                        // records held at most
  std::deque<Status> start_answers;                   // then OK
  std::function<void(Sink&)> on_put;                  // after taking
  std::function<void(Sink&)> on_service;              // also in flush
  std::function<Status(Sink&)> on_flush;              // what flush says; empty: OK when nothing is held, else E_RETRY
  std::function<weir_status(const Record&)> verdict;  // of acks_at_once; empty: OK

  std::vector<std::string> delivered;  // values acknowledged with OK, in that order; "<null>" for null
  std::vector<std::string> offered;    // values taken, repeats included
  std::vector<std::vector<std::pair<std::string, std::string>>> headers;  // of what was taken
  std::vector<Record*> held;
  int starts = 0;
  int stops = 0;
};

/// A transform made of functions.
class Transform final : public host::Transform {
 public:
  using Apply = std::function<Status(std::span<Record* const>, Slice&)>;
  explicit Transform(Apply apply) : apply_(std::move(apply)) {}

  Status start() override;
  Status apply(std::span<Record* const> records, Slice& slice) override {
    return apply_ ? apply_(records, slice) : Status();
  }
  Status tick(Slice& slice, std::int64_t now_ms, std::int64_t& next_ms) override {
    return on_tick ? on_tick(slice, now_ms, next_ms) : Status();
  }
  Status flush(Slice& slice) override { return on_flush ? on_flush(slice) : Status(); }
  void stop() noexcept override { ++stops; }

  std::function<Status(Slice&, std::int64_t, std::int64_t&)> on_tick;
  std::function<Status(Slice&)> on_flush;
  std::deque<Status> start_answers;
  int stops = 0;

 private:
  Apply apply_;
};

/// A predicate from a question about one record.
class Predicate final : public host::Predicate {
 public:
  explicit Predicate(std::function<bool(Record&)> matches) : matches_(std::move(matches)) {}
  Status test(std::span<Record* const> records, std::span<std::uint8_t> matches) override;

 private:
  std::function<bool(Record&)> matches_;
};

/// What a memory store keeps; outlives it, so that a test can look and a second run can go on.
struct Disk {
  std::mutex mutex;
  Checkpoint checkpoint;
  int stores = 0;
  Status answer;       // of store()
  Status load_answer;  // of load()
};

[[nodiscard]] std::unique_ptr<CheckpointStore> make_memory_store(Disk& disk);

/// Puts a new one there, and says which.
Sink* place(std::unique_ptr<host::Sink>& where);

/// Replaces the value.
void set_value(Record& record, std::string_view value);
[[nodiscard]] std::string value_of(const Record& record);

}  // namespace weir::host::fake
