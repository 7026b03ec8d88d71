#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/dlq/file.h"
#include "cli/dlq/letter.h"
#include "cli/dlq/replayed.h"
#include "cli/dlq/select.h"
#include "crypto/key_ring.h"
#include "pipeline/io.h"

namespace weir::host::cli {

/// What a replay came to, in letters.
struct LetterCounts {
  std::uint64_t sent = 0;      // settled: delivered, filtered, or dead letters again
  std::uint64_t before = 0;    // had been replayed before
  std::uint64_t others = 0;    // of another pipeline
  std::uint64_t not_sent = 0;  // read, and stopped before they settled, or dropped
  std::uint64_t damaged = 0;
  std::uint64_t without_payload = 0;
  std::uint64_t closed = 0;  // encrypted, and no secret opens them
  std::uint64_t too_large = 0;
  std::uint64_t clone_gone = 0;  // of a clone that today's transforms do not make
  std::string first_problem;     // of the letters that cannot be sent
  // Records that came of letters and had been delivered before:
  std::uint64_t unwanted = 0;      // filtered behind the transforms
  std::uint64_t unwanted_bad = 0;  // bad, and kept from the dead letter sink

  [[nodiscard]] std::uint64_t problems() const {
    return not_sent + damaged + without_payload + closed + too_large + clone_gone;
  }
};

/// A letter that is on its way through the pipeline.
struct LetterOnTheWay {
  std::uint64_t number = 0;
  Replayed::Line line;
  std::uint32_t clone = 0;         // 0: the record itself was bad
  bool from_spool = false;         // it is as the spool had it: transforms before the spool have seen it
  const Record* record = nullptr;  // as the source gave it
  std::uint32_t clones_made = 0;   // of it, so far
};

/// Which records of a replay are to reach a sink. A letter of a record that was bad itself stands for all that comes of it. That of a
/// clone stands for this clone alone: the record goes through the transforms again so that it is made again, and its other clones were
/// delivered before, or have letters of their own. [task]
class LettersOnTheWay {
 public:
  void add(std::uint64_t token, LetterOnTheWay letter) { letters_.emplace(token, std::move(letter)); }
  [[nodiscard]] const LetterOnTheWay* find(std::uint64_t token) const;
  void remove(std::uint64_t token) { letters_.erase(token); }
  /// A transform was there: notes how many clones there are now.
  void look_at(const Slice& slice);
  [[nodiscard]] bool wants(const Record& record) const;

 private:
  std::unordered_map<std::uint64_t, LetterOnTheWay> letters_;  // by token
};

/// Gives the records of a file of dead letters, in its order, with their position of then, and notes in FILE.replayed which have
/// settled. What cannot be sent is counted and stays.
class LetterSource final : public Source {
 public:
  struct Setup {
    LetterFile file;
    LetterSelection selection;
    std::string pipeline;  // letters of others are not sent; "": the selection says
    std::optional<crypto::KeyRing> keys;
    Replayed replayed;
    std::uint64_t rate = 0;  // records a second; 0: no limit
    bool dry = false;        // nothing is noted
  };

  /// All outlive it.
  LetterSource(Setup& setup, LettersOnTheWay& on_the_way, LetterCounts& counts, Positions& positions,
               std::size_t largest_record);

  Status start() override { return {}; }
  Status poll(Slice& into, const PollLimits& limits) override;
  void settled(std::span<const weir_settled> origins) noexcept override;
  void wake() noexcept override {}
  void stop() noexcept override;

 private:
  using Clock = std::chrono::steady_clock;

  /// A letter that comes next.
  struct Next {
    Letter letter;
    LetterRecord record;
    LetterOnTheWay way;
  };

  [[nodiscard]] bool find_next(Clock::time_point until);
  [[nodiscard]] std::optional<Next> look_into(const LetterFile::Line& line);
  [[nodiscard]] bool is_due();
  void append(Slice& into);
  void note(std::uint64_t& count, std::uint64_t number, const std::string& problem);
  [[nodiscard]] Status keep_noted();

  Setup& setup_;
  LettersOnTheWay& on_the_way_;
  LetterCounts& counts_;
  Positions& positions_;
  const std::size_t largest_record_;
  std::optional<Next> next_;
  std::uint64_t chosen_ = 0;
  bool ended_ = false;
  std::vector<Replayed::Line> noted_;  // settled, and not in the file yet
  Clock::time_point note_at_{};
  Clock::time_point due_{};
};

}  // namespace weir::host::cli
