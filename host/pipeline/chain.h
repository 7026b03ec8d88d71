#pragma once
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "observe/log.h"
#include "pipeline/io.h"

namespace weir::host {

class Tap;

/// A task's transforms in order, each with its predicate: takes a slice through them. Knows nothing of the window or the books: what
/// became of each record is in its fate, and in the slice's tally. [task]
class Chain {
 public:
  /// Waits that long, doing what cannot wait; false: give up, the task is to end.
  using Pause = std::function<bool(Milliseconds)>;
  struct Retry {
    Milliseconds timeout;  // after it an E_RETRY is final
    Milliseconds delay_max;
  };

  /// `stages` and `json` outlive the chain; `json` null: records without documents.
  Chain(std::span<Stage> stages, json::Engine* json, Retry retry, Pause pause, Log log);

  /// Live records may be looked at there while they pass; null: nowhere. It outlives the chain.
  void let_watch(Tap* tap) { tap_ = tap; }

  /// Every transform's start. E_RETRY: interrupted by Pause; other errors are final.
  [[nodiscard]] Status start();
  /// Of those that were started, the last one first.
  void stop() noexcept;
  [[nodiscard]] std::size_t stages() const { return stages_.size(); }

  /// The slice through stages `first` to the last; then its bytes are final. E_RETRY: interrupted, the slice must not go on;
  /// other errors: the pipeline fails. A bad record is no error: it has failed, and its failure names the stage.
  [[nodiscard]] Status run(Slice& slice, std::size_t first = 0);
  /// One stage only; run() is these in a row, then finish().
  [[nodiscard]] Status apply(std::size_t stage, Slice& slice);
  /// Edits are in the bytes of every record that is still live.
  void finish(Slice& slice);

  /// When the earliest timer is due, wall clock in ms; kNever: none.
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  [[nodiscard]] std::int64_t next_tick() const;
  [[nodiscard]] bool is_due(std::size_t stage, std::int64_t now_ms) const { return next_ticks_[stage] <= now_ms; }
  /// The stage's timer; `slice` is empty and gets what it emits, which goes on at stage + 1.
  [[nodiscard]] Status tick(std::size_t stage, Slice& slice, std::int64_t now_ms);
  /// The stage gives out what it holds; as tick().
  [[nodiscard]] Status flush(std::size_t stage, Slice& slice);
  [[nodiscard]] bool holds(std::size_t stage) const { return (stages_[stage].capabilities & WEIR_HOLDS) != 0; }

 private:
  template <typename Call>
  Status retrying(const Stage& stage, const char* doing, Call call);
  Status run_watched(Slice& slice, std::size_t first, std::size_t place);
  Status choose(Stage& stage, Slice& slice);
  Status test(Stage& stage);
  void name_failures(const Stage& stage, Slice& slice);
  void seal_new(Slice& slice);
  void settle_bytes(Record& record);

  std::span<Stage> stages_;
  json::Engine* json_;
  Retry retry_;
  Pause pause_;
  Log log_;
  Tap* tap_ = nullptr;
  std::size_t started_ = 0;
  std::vector<std::int64_t> next_ticks_;  // by stage
  std::vector<Record*> chosen_;           // of the call that runs
  std::vector<std::uint8_t> matches_;
};

}  // namespace weir::host
