#pragma once
#include "spool/journal.h"
#include "spool/progress.h"

namespace weir::host::spool {

/// Removes segments that nobody needs: delivered ones when they were kept long enough or their room is needed, expired ones. What says
/// that they are not needed is durable before they go. One thread.
class Keeper {
 public:
  struct Limits {
    std::uint64_t max_bytes = 0;
    std::int64_t keep_ms = 0;  // delivered ones, since their newest record was taken
  };

  /// All outlive it.
  Keeper(const Place& place, Segments& segments, StateFile& state, const Progress& progress, Limits limits)
      : place_(place), segments_(segments), state_(state), progress_(progress), limits_(limits) {}

  /// Removes what may go. `bytes` more are to be written.
  void tend(std::int64_t now_ms, std::uint64_t bytes);
  /// Whether `bytes` more stay within the limit.
  [[nodiscard]] bool has_room(std::uint64_t bytes) const { return segments_.bytes() + bytes <= limits_.max_bytes; }

 private:
  [[nodiscard]] std::vector<Segment> delivered(Sequence up_to, std::int64_t now_ms, std::uint64_t bytes);
  [[nodiscard]] std::vector<Segment> expired(Sequence up_to, StateSlot& slot);
  void remove(const std::vector<Segment>& segments);

  const Place& place_;
  Segments& segments_;
  StateFile& state_;
  const Progress& progress_;
  const Limits limits_;
};

}  // namespace weir::host::spool
