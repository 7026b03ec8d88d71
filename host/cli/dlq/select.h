#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/dlq/letter.h"

namespace weir::host::cli {

/// Which dead letters of a file a command is about, as the command line says it. Empty lists and absent values choose all; what is
/// given must all hold.
struct LetterOptions {
  std::vector<std::string> codes{};  // "E_DATA"
  std::vector<std::string> transforms{};
  std::vector<std::string> pipelines{};
  std::vector<std::string> numbers{};  // "7", "7-12": lines of the file
  std::string since{};                 // times, see moment.h
  std::string until{};
  bool replayed = false;    // only those that were replayed
  bool waiting = false;     // only those that were not
  std::uint64_t limit = 0;  // 0: none

  [[nodiscard]] bool chooses_all() const {
    return codes.empty() && transforms.empty() && pipelines.empty() && numbers.empty() && since.empty() &&
           until.empty() && !replayed && !waiting;
  }
};

/// The options, understood.
class LetterSelection {
 public:
  /// E_CONFIG: says which option is not understood.
  [[nodiscard]] static Result<LetterSelection> from(const LetterOptions& options, std::int64_t now_ms);

  /// Whether the letter of that line is meant. Letters without a timestamp are in no span of time. The limit is the caller's to keep.
  [[nodiscard]] bool takes(std::uint64_t number, const Letter& letter, bool replayed) const;
  /// The same for a line that is no letter: it can be chosen by its number, or with everything.
  [[nodiscard]] bool takes_damaged(std::uint64_t number) const;
  /// No line behind that one is meant.
  [[nodiscard]] bool ends_before(std::uint64_t number) const;
  [[nodiscard]] std::uint64_t limit() const { return options_.limit; }

 private:
  struct Range {
    std::uint64_t first;
    std::uint64_t last;
  };

  [[nodiscard]] bool takes_number(std::uint64_t number) const;

  LetterOptions options_;
  std::vector<Range> ranges_;
  std::optional<std::int64_t> since_;
  std::optional<std::int64_t> until_;
};

}  // namespace weir::host::cli
