#pragma once
#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "json/cutter.h"
#include "json/index.h"
#include "json/shape.h"
#include "json/stencil.h"

namespace weir::host::json {

/// Whether it pays to compare documents with remembered ones, and to remember more: not where few are alike.
class Trust {
 public:
  /// Asked for each document. False: a rest.
  bool compare();
  void hit();
  /// True: too many were missed, and a rest begins.
  bool miss();
  /// Asked for each document that was missed: whether to remember it. Then learnt() is told whether there was room.
  bool learns();
  void learnt(bool taken);

 private:
  static constexpr std::uint32_t kMost = 128;
  static constexpr std::uint32_t kShortRest = 2048;  // documents
  static constexpr std::uint32_t kLongRest = 65536;
  static constexpr std::uint32_t kMostSkipped = 4096;

  std::uint32_t score_ = kMost;  // falls as long as less than one document in three is known
  std::uint32_t rest_ = 0;       // documents to go
  std::uint32_t next_rest_ = kShortRest;
  std::uint32_t skip_ = 0;  // missed ones that are not remembered, since there was no room for the last
  std::uint32_t next_skip_ = 1;
};

/// Remembers what texts for one set of nodes looked like between their values (Cuts): brackets, names, commas and white space. A text
/// that has the same bytes there, and good values, is JSON of the same structure as far as paths go, with the same names: nothing
/// else of it has to be looked at, and its places are known. What is remembered is a tree: from each stretch of such bytes on to those
/// that came after the value behind it. What texts with one number of tokens look like is kept in one piece as well (Stencil), which
/// most texts are compared with first. Bounded; forgets all when it helps no more. [task]
///
/// Both calls get the text's whole index, and its escapes were checked. An index tells the tokens behind a bracket, comma or colon
/// by the bytes alone, so where the bytes are the same, the tokens are.
class ShapeMemory {
 public:
  static constexpr std::size_t kMaxText = 64 * 1024;
  using Tokens = StructuralIndex::Stretch;

  /// The shape of the text, with its cuts in `cuts`; null: none that is remembered, or it is no JSON.
  const Shape* find(std::string_view text, StructuralIndex& index, Cuts& cuts);
  /// Remembers a text that find() did not know and a scan took. `places`: how many are below its root.
  void learn(std::string_view text, Tokens tokens, const Place& root, std::size_t places, Cuts& cuts);
  /// What it takes on the heap.
  [[nodiscard]] std::size_t bytes() const;

 private:
  /// Bytes between two values; of strings the quotes are among them.
  struct alignas(32) Run {
    std::uint32_t bytes = 0;      // where they are in bytes_
    std::uint32_t mask = 0;       // a bit for each of the first 32
    std::uint32_t other = kNone;  // the next run that may stand in its place
    std::uint32_t then = kNone;   // the first run that may follow the value; of the last run: the shape
    std::uint16_t size = 0;
    std::uint16_t lead = 0;    // bytes before the first token in it
    std::uint16_t tokens = 0;  // in it, but for the quote of a value
    std::uint8_t depth = 0;    // containers around the value
    Next next = Next::end;
  };
  static constexpr std::uint32_t kNone = 0xffffffffu;
  static constexpr std::size_t kMaxBytes = 32 * 1024;
  static constexpr std::size_t kMaxRuns = 1536;
  static constexpr std::size_t kMaxShapeBytes = 64 * 1024;
  static constexpr unsigned kMaxOthers = 32;
  static constexpr std::size_t kPadding = 32;

  struct KnownStencil {
    Stencil stencil;
    unsigned misses = 0;    // to go, until another one takes its place
    unsigned patience = 4;  // so many at most; four times those of the one before it
  };
  static constexpr std::size_t kStencilPairs = 16;
  static constexpr std::size_t kMaxStencilBytes = 96 * 1024;
  static constexpr unsigned kMostPatience = 4096;
  static constexpr unsigned kWorth = 8;  // misses that a hit makes up for

  const Shape* find_at_once(std::string_view text, Tokens tokens, Cuts& cuts);
  const Shape* follow(std::string_view text, StructuralIndex& index, Cuts& cuts);
  void learn_stencil(std::string_view text, Tokens tokens, const Shape& shape, const Cuts& cuts);
  bool make_stencil(std::string_view text, Tokens tokens, const Shape& shape, const Cuts& cuts, Stencil& made) const;
  [[nodiscard]] std::size_t stencil_bytes() const;
  void forget_stencils();
  [[nodiscard]] bool stands(const Run& run, const char* at, std::size_t left) const;
  bool remember(std::string_view text, const std::vector<Piece>& pieces, const Place& root, Cuts& cuts);
  std::uint32_t add_run(std::uint32_t before, std::string_view bytes, const Piece& piece);
  void forget();

  Trust trust_;
  Trust stencil_trust_;
  std::vector<char> bytes_;  // of all runs, and kPadding
  std::vector<Run> runs_;
  std::vector<Shape> shapes_;
  std::size_t shape_bytes_ = 0;
  std::uint32_t first_ = kNone;                                      // the runs that a text may begin with
  std::array<std::uint32_t, Cuts::kMax> followed_{};                 // the runs of the text that was followed last
  std::array<std::array<KnownStencil, 2>, kStencilPairs> stencils_;  // by the number of tokens
};

}  // namespace weir::host::json
