#pragma once
#include <weir/abi.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "errors/status.h"
#include "record/slice.h"

/// Source, Transform, Predicate and Sink as the task sees them. Plugins (through host/abi), the spool and the fakes of the tests
/// implement them. Threads: constructed and destroyed by [control]; all calls not marked [any] come from one task thread at a
/// time, in the order start, calls, flush, stop; after stop, start may come again. No call throws.
namespace weir::host {

using Milliseconds = std::chrono::milliseconds;

/// The positions of one task's source: names of source partitions and the offsets stored for them. Implemented by the pipeline.
class Positions {
 public:
  virtual ~Positions() = default;
  /// The id of a source partition; made at the first call. [task]
  virtual std::uint32_t partition(std::string_view name) = 0;
  /// The offset a checkpoint holds; empty: start anew. [task]
  [[nodiscard]] virtual std::optional<std::string> stored(std::string_view partition) const = 0;
  /// Drains the partition's records, stores its position, forgets it: later acknowledgements are ignored. [task]
  virtual Status revoke(std::string_view partition, Milliseconds timeout) = 0;
};

struct PollLimits {
  std::uint32_t max_records = Slice::kRecords;
  std::size_t max_bytes = Slice::kBytes;
  Milliseconds timeout{0};
};

class Source {
 public:
  virtual ~Source() = default;
  virtual Status start() = 0;
  /// Appends records to an empty slice; waits at most the timeout for the first. Codes: OK, END (exhausted), E_RETRY (again
  /// later), E_FATAL. What was appended counts, whatever is returned; an origin that a failing poll opened last and gave no record does not.
  /// The caller seals the slice and closes its origins.
  virtual Status poll(Slice& into, const PollLimits& limits) = 0;
  /// Origins with a token other than 0 that settled, in no order; once before stop also those that never will, with E_RETRY.
  virtual void settled(std::span<const weir_settled> origins) noexcept = 0;
  /// [any] A poll that waits returns soon.
  virtual void wake() noexcept = 0;
  virtual void stop() noexcept = 0;
};

class Predicate {
 public:
  virtual ~Predicate() = default;
  /// Writes one byte a record: 1 matches, 0 not. A record it cannot judge it fails.
  virtual Status test(std::span<Record* const> records, std::span<std::uint8_t> matches) = 0;
};

class Transform {
 public:
  virtual ~Transform() = default;
  virtual Status start() = 0;
  /// `records`: live ones of `slice` that the predicate chose, in order. Changes them in place; drops, fails, holds, clones;
  /// emits into `slice`. E_RETRY: nothing was touched, same call later. An exception in a plugin failed its records already.
  virtual Status apply(std::span<Record* const> records, Slice& slice) = 0;
  /// Timers. `now_ms` wall clock; the next call is due at `next_ms` (unchanged: none).
  virtual Status tick(Slice& slice, std::int64_t now_ms, std::int64_t& next_ms) = 0;
  /// Emits what is held.
  virtual Status flush(Slice& slice) = 0;
  virtual void stop() noexcept = 0;
};

class Sink {
 public:
  virtual ~Sink() = default;
  /// E_RETRY: not reachable yet, again with back-off; E_CONFIG, E_FATAL: never.
  virtual Status start() = 0;
  /// Takes the first `taken` records, in order; fewer: full, the rest is offered again. Each one taken is acknowledged exactly once
  /// through its slice's Acks. E_RETRY is as full. After one acknowledgement with E_RETRY it takes nothing more and gives back
  /// all; the task then calls stop, start (with back-off) and puts again from the oldest unsettled record.
  virtual Status put(std::span<Record* const> records, std::size_t& taken) = 0;
  /// Where the task would otherwise wait: delivery reports, timers.
  virtual Status service(Milliseconds timeout) = 0;
  /// OK: everything taken is acknowledged. What it gathered goes out now. Before the end it comes with a timeout of zero, where nothing more
  /// can be put until something is acknowledged.
  virtual Status flush(Milliseconds timeout) = 0;
  /// Gives back (ack E_RETRY) what it still holds.
  virtual void stop() noexcept = 0;
};

/// A transform in its place in the chain.
struct Stage {
  std::string name;
  std::uint32_t capabilities = 0;  // WEIR_TOMBSTONES, WEIR_PRIVACY, …
  std::unique_ptr<Transform> transform;
  Predicate* predicate = nullptr;  // owned by TaskParts::predicates
  bool predicate_sees_null = false;
  bool negate = false;
};

}  // namespace weir::host
