#pragma once
#include <bit>

#include "json/block.h"

namespace weir::host::json {

/// What string_end() leaves undecided: the string from its first byte on that is no plain ASCII.
[[nodiscard]] const char* odd_string_end(const char* inside, const char* end, bool& escaped);

/// The closing quote of the string whose first byte behind the opening one is `inside`; null: it has none before `end`, or holds
/// a control character, a bad escape or what is no UTF-8. `escaped`: set if it holds a backslash. 64 bytes behind `end` are readable.
[[nodiscard]] inline const char* string_end(const char* inside, const char* end, bool& escaped) {
  for (const char* at = inside; at < end; at += kBlock) {
    const Block block = block_at(at);
    if ((block.odd & below_lowest(block.quotes)) != 0) return odd_string_end(inside, end, escaped);
    if (block.quotes != 0) {
      at += std::countr_zero(block.quotes);
      return at < end ? at : nullptr;
    }
  }
  return nullptr;
}

}  // namespace weir::host::json
