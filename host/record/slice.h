#pragma once
#include <memory>
#include <span>
#include <string>
#include <utility>
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

struct WindowEntry;  // places in the window and in its log of positions; record/ only carries the pointers
struct PositionEntry;

/// The origins of one slice, in the order the source opened them. Outlives the slice's memory: it stays in the window until
/// every earlier origin of its partitions has settled. Origins do not move. [task]
class OriginBlock {
 public:
  static constexpr std::size_t kOrigins = 64;

  OriginBlock() { origins_.reserve(kOrigins + 1); }
  OriginBlock(const OriginBlock&) = delete;
  OriginBlock& operator=(const OriginBlock&) = delete;

  /// null: full. The offset is copied.
  Origin* open(std::uint32_t partition, Bytes offset, std::uint64_t token);
  /// The one origin that stands for no position of a source: of records a transform emits out of nothing.
  Origin* detached();
  [[nodiscard]] std::span<const Origin> origins() const { return origins_; }
  [[nodiscard]] std::span<Origin> origins() { return origins_; }
  [[nodiscard]] std::string_view offset_of(const Origin& origin) const;
  /// Closes all: the call that opened them has returned.
  void close();
  /// The newest origins that have no record stand for no position: the call that opened them failed before it could append.
  void disown_empty_tail();
  /// Empties it for another slice.
  void clear();

  PositionEntry* entry = nullptr;
  std::uint32_t unsettled = 0;  // of its origins; counted by the log of positions
  bool lent = false;            // its slice is with another thread, where its origins change

 private:
  Origin& add(std::uint32_t partition, std::uint64_t token);

  std::vector<Origin> origins_;
  std::string offsets_;
  Origin* detached_ = nullptr;
};

/// The unit of the chain, of memory and of recycling: up to kRecords records or kBytes bytes from one poll (one larger record
/// has a slice of its own), and the clones and merged records the chain adds to them. Records are kept in the order in which
/// they go to the sink. [task]
class Slice {
 public:
  static constexpr std::size_t kRecords = 64;
  static constexpr std::size_t kBytes = 128 * 1024;

  explicit Slice(const SliceHome& home) : home_(&home), arena_(*home.memory), scratch_(*home.memory) {}

  /// A new record of `origin`, at the end. Its original is taken by seal().
  Record* append(Origin& origin);
  /// A copy of `parent`, after it and its earlier clones; shares bytes and origins. Counts as outstanding on every origin.
  /// The caller has settled the parent's bytes (json::Engine::settle_bytes): the clone has no documents yet.
  Record* clone(Record& parent);
  /// A record made of `from` (possibly none), placed at the end; takes over their origins. `from` become merged. It starts as a
  /// copy of from[0], whose bytes the caller has settled; with one `from` it also keeps that one's original, else the chain
  /// seals it when it leaves its transform. Without `from` it hangs on `fallback`, or, when that is null, on no position.
  Record* merge(std::span<Record* const> from, Origin* fallback);
  /// After a poll: what each record holds now is its original.
  void seal();

  /// In the order in which they go to the sink; valid until the next append, clone or merge.
  [[nodiscard]] const std::vector<Record*>& records() const;
  [[nodiscard]] Arena& arena() { return arena_; }
  /// For what lives no longer than the records' documents.
  [[nodiscard]] Arena& scratch() { return scratch_; }
  /// Gives back the memory of documents; who asks for one again gets it made anew. Edits are in the bytes, and no call that may look
  /// into a document of the slice runs.
  void drop_documents();
  /// Bytes that it pins.
  [[nodiscard]] std::size_t pinned() const { return arena_.capacity() + scratch_.capacity(); }
  [[nodiscard]] const SliceHome& home() const { return *home_; }
  /// Shared with the window, which keeps it longer than the slice.
  [[nodiscard]] const std::shared_ptr<OriginBlock>& origins() const { return origins_; }
  /// Empties it for the next poll: records, memory, and its origins, or, while somebody still needs those, a new block.
  void recycle();

  /// What calls into transforms made since the last take_tally(), for the books.
  struct Tally {
    std::uint64_t cloned = 0;
    std::uint64_t merged = 0;
    std::uint64_t emitted = 0;
  };
  [[nodiscard]] Tally take_tally() { return std::exchange(tally_, {}); }
  /// Records that are not settled or merged yet. The window counts settled ones off.
  [[nodiscard]] std::uint32_t unsettled() const { return unsettled_; }
  void count_settled() { --unsettled_; }
  /// Some record of it failed, or was made and is not sealed, since the last take_…(): spares the chain a look at each record.
  [[nodiscard]] bool take_failed() { return std::exchange(failed_, false); }
  [[nodiscard]] bool take_made() { return std::exchange(made_, false); }
  void note_failed() { failed_ = true; }

  WindowEntry* entry = nullptr;

 private:
  Record* make();
  void link_after(Record* place, Record& record);
  void adopt_origins(Record& record, std::span<Record* const> from);

  const SliceHome* home_;
  Arena arena_;
  Arena scratch_;
  std::shared_ptr<OriginBlock> origins_ =
      std::make_shared<OriginBlock>();  // shared: the window's ledger of positions outlives the slice
  Record* first_ = nullptr;
  Record* last_ = nullptr;
  mutable std::vector<Record*> order_;  // the list first_ … last_, made when it is asked for
  mutable bool order_known_ = true;
  std::uint32_t unsettled_ = 0;
  bool failed_ = false;
  bool made_ = false;
  Tally tally_;
};

}  // namespace weir::host
