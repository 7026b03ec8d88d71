#pragma once
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "record/arena.h"
#include "record/origin.h"
#include "record/record.h"

namespace weir::host {

namespace json {
class Engine;
}

/// Where a sink's acknowledgements go. Any thread, any order; only queues. `reason` is a constant.
class Acks {
 public:
  virtual ~Acks() = default;
  virtual void ack(std::span<Record* const> records, weir_status status, const char* reason) noexcept = 0;
};

/// What a slice knows of its task. Outlives every slice.
struct SliceHome {
  MemoryMeter* memory = nullptr;
  Acks* acks = nullptr;
  json::Engine* json = nullptr;  // makes the documents of its records
};

/// The origins of one slice, in the order the source opened them. Outlives the slice's memory: it stays in the window until
/// every earlier origin of its partitions has settled. Origins do not move. [task]
class OriginBlock {
 public:
  static constexpr std::size_t kOrigins = 64;

  OriginBlock() { origins_.reserve(kOrigins); }
  OriginBlock(const OriginBlock&) = delete;
  OriginBlock& operator=(const OriginBlock&) = delete;

  /// null: full. The offset is copied.
  Origin* open(std::uint32_t partition, Bytes offset, std::uint64_t token);
  [[nodiscard]] std::span<const Origin> origins() const { return origins_; }
  [[nodiscard]] std::string_view offset_of(const Origin& origin) const;
  /// Closes all: the call that opened them has returned.
  void close();

 private:
  std::vector<Origin> origins_;
  std::string offsets_;
};

/// The unit of the chain, of memory and of recycling: up to kRecords records or kBytes bytes from one poll (one larger record
/// has a slice of its own), and the clones and merged records the chain adds to them. Records are kept in the order in which
/// they go to the sink. [task]
class Slice {
 public:
  static constexpr std::size_t kRecords = 64;
  static constexpr std::size_t kBytes = 128 * 1024;

  explicit Slice(const SliceHome& home) : home_(&home), arena_(*home.memory) {}

  /// A new record of `origin`, at the end. Its original is taken by seal().
  Record* append(Origin& origin);
  /// A copy of `parent`, after it and its earlier clones; shares bytes and origins. Counts as outstanding on every origin.
  Record* clone(Record& parent);
  /// A record made of `from` (possibly none), placed at the end; takes over their origins. `from` become merged.
  Record* merge(std::span<Record* const> from, Origin* fallback);
  /// After a poll: what each record holds now is its original.
  void seal();

  [[nodiscard]] const std::vector<Record*>& records() const { return order_; }
  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] const SliceHome& home() const { return *home_; }
  /// Shared with the window, which keeps it longer than the slice.
  [[nodiscard]] const std::shared_ptr<OriginBlock>& origins() const { return origins_; }
  /// Empties it for the next poll: records, memory, a new block of origins.
  void recycle();

 private:
  Record* make();

  const SliceHome* home_;
  Arena arena_;
  std::shared_ptr<OriginBlock> origins_ = std::make_shared<OriginBlock>();  // shared: the window's ledger of positions outlives the slice
  std::vector<Record*> order_;
};

}  // namespace weir::host
