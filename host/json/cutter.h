#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "json/index.h"
#include "json/place.h"

namespace weir::host::json {

/// What stands behind a run.
enum class Next : std::uint8_t { string, scalar, container, end };

/// A run of a text, as Cuts has them.
struct Piece {
  std::uint32_t start = 0;
  std::uint32_t stop = 0;    // of a string's the opening quote is the last byte
  std::uint32_t lead = 0;    // bytes before the first token in it
  std::uint32_t tokens = 0;  // in it, but for the opening quote
  unsigned depth = 0;        // containers around what stands behind it
  Next next = Next::end;
};

/// Cuts a text that a scan took. `tokens`: its whole index; `root`: a container that paths go on into. Empty: more than `most` runs.
[[nodiscard]] std::vector<Piece> cut(std::string_view text, StructuralIndex::Stretch tokens, const Place& root,
                                     std::size_t most);

}  // namespace weir::host::json
