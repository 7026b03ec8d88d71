#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "record/slice.h"

namespace weir::host {

/// A record as it stood at one place of the chain: a copy, nobody else's.
struct TapRecord {
  std::optional<std::string> key;  // none: null
  std::optional<std::string> value;
  std::optional<std::string> topic;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  std::int64_t timestamp_ms = -1;  // -1: none
};

/// Where one reader may look at what passes a place in the chains of a pipeline. A place is the number of transforms that come before
/// it. The chains copy live records into a small queue and never wait for it: what does not fit passes unseen and is counted. While
/// nobody looks a slice costs one relaxed load. Who may look where is for others to judge, by what it says of its places. Thread-safe.
class Tap {
 public:
  static constexpr std::size_t kRecords = 256;
  static constexpr std::size_t kBytes = 1u << 20;

  /// `transforms`: the names of the pipeline's, in order. `first_safe`: the place behind the last one that protects people.
  Tap(std::vector<std::string> transforms, std::size_t first_safe)
      : transforms_(std::move(transforms)), first_safe_(first_safe) {}
  [[nodiscard]] const std::vector<std::string>& transforms() const { return transforms_; }
  [[nodiscard]] std::size_t first_safe() const { return first_safe_; }

  /// Begins to look; false: somebody does already.
  [[nodiscard]] bool open(std::size_t place);
  /// Ends it; what was not taken is gone.
  void close();
  /// What passed since the last call, oldest first.
  [[nodiscard]] std::deque<TapRecord> take();

  /// Where somebody looks, or kNowhere.
  static constexpr std::ptrdiff_t kNowhere = -1;
  [[nodiscard]] std::ptrdiff_t place() const { return place_.load(std::memory_order_relaxed); }
  /// The slice stands at `place`, its edits in its bytes. Ignored unless somebody looks just there.
  void offer(const Slice& slice, std::size_t place) noexcept;

  /// Since the start, over all readers: records that were copied, and those that passed unseen while one looked.
  [[nodiscard]] std::uint64_t copied() const { return copied_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t missed() const { return missed_.load(std::memory_order_relaxed); }

 private:
  [[nodiscard]] bool copy(const Record& record);

  const std::vector<std::string> transforms_;
  const std::size_t first_safe_;
  std::atomic<std::ptrdiff_t> place_{kNowhere};  // written under the mutex
  std::atomic<std::uint64_t> copied_{0};
  std::atomic<std::uint64_t> missed_{0};
  std::mutex mutex_;  // guards what is below
  std::deque<TapRecord> queue_;
  std::size_t bytes_ = 0;
};

}  // namespace weir::host
