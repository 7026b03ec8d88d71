#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "json/fours.h"
#include "json/shape.h"

namespace weir::host::json {

/// What a text of a known shape looks like, whole: its runs, and its tokens in containers that no path goes on into. All checks of one
/// kind lie side by side, in loops of which no turn waits for another, where ShapeMemory has to go from value to value. Another text
/// fits if it has the same runs and the same tokens in the same order; only its strings, numbers and literals differ. Stricter than
/// the shape, which says nothing of what is in those containers.
///
/// A text that fits is JSON if the one it was made of is and its escapes are good: an index has every byte outside of strings that is
/// no white space, but for those of a scalar behind its first, which is_scalar() looks at.
class Stencil {
 public:
  static constexpr std::size_t kMaxTokens = 2048;

  Stencil() = default;  // fits nothing
  /// To be filled in the order of the text, with as many tokens. They are given by their numbers.
  Stencil(std::uint32_t shape, std::size_t tokens) : shape_(shape), count_(static_cast<std::uint32_t>(tokens)) {}

  /// A run that begins `lead` bytes before the token. False: there is no room for it here.
  bool add_run(std::uint32_t token, std::uint32_t lead, std::string_view bytes);
  /// So many bytes from one token to the other.
  void add_distance(std::uint32_t from, std::uint32_t to, std::uint32_t bytes);
  /// A number or literal that ends where the next token begins.
  void add_scalar(std::uint32_t token, const char* text, const std::uint32_t* tokens);
  /// A container with all in it. Returns the token behind it.
  std::uint32_t add_container(std::uint32_t token, const char* text, const std::uint32_t* tokens);

  [[nodiscard]] std::uint32_t shape() const { return shape_; }
  /// How many tokens a text has to have; 0: it fits nothing.
  [[nodiscard]] std::uint32_t count() const { return count_; }
  /// What it takes on the heap.
  [[nodiscard]] std::size_t bytes() const;
  /// `tokens`: the offsets of the text's count() tokens, and its size behind them. `text` has 64 readable bytes behind it. True: `cuts`
  /// has been filled.
  [[nodiscard]] bool fits(const char* text, const std::uint32_t* tokens, Cuts& cuts);

 private:
  static constexpr std::size_t kAtOnce = 16;
  static constexpr std::size_t kMaxRun =
      48;  // bytes: a chunk that begins in them ends in what is readable behind a text

  struct alignas(kAtOnce) Chunk {
    char bytes[kAtOnce] = {};
    char mask[kAtOnce] = {};  // ones where they count
    std::int32_t offset = 0;  // from the token
    std::uint32_t token = 0;
  };
  struct Distance {
    std::uint32_t from, to, bytes;
  };
  using Mark = std::uint32_t;  // a token; in the upper half the bytes that begin there
  using Scalars = std::vector<std::uint16_t>;
  struct Start {
    std::uint32_t token, lead;
  };

  [[nodiscard]] bool has_runs(const char* text, const std::uint32_t* tokens) const;
  [[nodiscard]] bool has_marks(const char* text, const std::uint32_t* tokens) const;
  template <typename Likely>
  void check(Scalars& scalars, const char* text, const std::uint32_t* tokens);

  std::uint32_t shape_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t runs_ = 0;
  Fours<Chunk> chunks_;  // of the runs
  Fours<Distance> distances_;
  Fours<Mark> pairs_;  // two brackets, colons, commas or opening quotes that lie side by side
  Fours<Mark> marks_;  // others
  // Tokens of scalars, by what they were so far.
  Scalars literals_;
  Scalars short_integers_;
  Scalars short_decimals_;
  Scalars others_;
  Fours<Start> starts_;  // of the runs
};

}  // namespace weir::host::json
