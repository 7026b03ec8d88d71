#include "json/string_end.h"

#include <string_view>

#include "json/index.h"
#include "json/text.h"

namespace weir::host::json {

const char* odd_string_end(const char* inside, const char* end, bool& escaped) {
  bool ascii = true;
  const char* at = inside;
  for (;;) {
    if (at >= end) return nullptr;
    const Block block = block_at(at);
    const std::uint32_t stops = block.quotes | block.odd;
    if (stops == 0) {
      at += kBlock;
      continue;
    }
    at += std::countr_zero(stops);
    if (at >= end) return nullptr;
    if (*at == '"') break;
    if (*at == '\\') {
      escaped = true;
      at += 2;  // hex digits behind a `u` are no quotes, or the escape is bad
    } else if (static_cast<unsigned char>(*at) >= 0x80) {
      ascii = false;
      while (at < end && static_cast<unsigned char>(*at) >= 0x80) ++at;
    } else {
      return nullptr;
    }
  }
  const std::string_view string(inside, static_cast<std::size_t>(at - inside));
  if (escaped && !escapes_are_valid(string)) return nullptr;
  return ascii || is_utf8(string) ? at : nullptr;
}

}  // namespace weir::host::json
