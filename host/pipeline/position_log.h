#pragma once
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "record/slice.h"

namespace weir::host {

/// One slice's worth of origins in the log, or several that have all settled: those keep only the last offset of each partition.
struct PositionEntry {
  std::shared_ptr<OriginBlock> block;                       // shared with the slice; null once all has settled
  std::vector<std::pair<std::uint32_t, std::string>> last;  // partition, offset: of a settled entry
  std::list<PositionEntry>::iterator self;
};

/// The origins of a task in the order its source opened them, and for each source partition the end of the settled prefix: how far
/// the source may be told never to read again. Neighbours that have settled are one entry, so the log is as long as what is
/// unsettled, however long a straggler takes. [task]
class PositionLog {
 public:
  /// Takes note of the closed origins of a slice, at the end. Those nothing hangs on settle at once.
  void admit(const std::shared_ptr<OriginBlock>& block);
  /// One thing less hangs on the origin: a record of it settled.
  void release(Origin& origin);
  /// From here on the origins of this partition move no position.
  void forget(std::uint32_t partition);
  /// Whether some origin of the partition is unsettled, or may be: those of a slice that is lent are not looked at.
  [[nodiscard]] bool waits_for(std::uint32_t partition) const;

  /// The ends that moved since the last call: partition and offset. Walks what is unsettled, up to the first slice that is lent, so call
  /// it once a checkpoint.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::string>> take_moved();
  /// Origins with a token that settled since the last call, for Source::settled.
  [[nodiscard]] std::vector<weir_settled>& settled_tokens() { return tokens_; }
  /// Those that never will: the task ends, no slice is lent. Status E_RETRY: send again.
  [[nodiscard]] std::vector<weir_settled> unsettled_tokens() const;
  /// Something settled since take_moved().
  [[nodiscard]] bool moved() const { return moved_; }
  /// For tests: entries it keeps.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  using Entries = std::list<PositionEntry>;

  void note_settled(const Origin& origin);
  void settle_entry(Entries::iterator entry);
  void pop_settled_front();
  void absorb(PositionEntry& into, PositionEntry& later);
  void drop(Entries::iterator entry);
  void reach(std::uint32_t partition, std::string_view offset);

  struct Reached {
    std::string offset;
    bool moved = false;
    bool forgotten = false;
    bool known = false;
    std::uint64_t blocked_in = 0;  // the walk in which an unsettled origin was met
  };
  Reached& reached(std::uint32_t partition);

  Entries entries_;
  Entries spare_;                 // nodes to use again
  std::vector<Reached> reached_;  // by partition
  std::vector<weir_settled> tokens_;
  std::uint64_t walk_ = 0;
  bool moved_ = false;
};

}  // namespace weir::host
