#include "json/escapes.h"

#include <cstring>

#include "json/bytes_at_once.h"
#include "json/text.h"

namespace weir::host::json {

bool Escapes::start(std::string_view text) {
  const char* const end = text.data() + text.size();
  std::size_t found = 0;
  next_ = 0;
  for (const char* at = find_backslash(text.data(), end); at != end; at = find_backslash(at, end)) {
    const std::size_t size = escape_size(at, end);
    if (size == 0) return false;
    if (found <= kKept) at_[found++] = at;
    at += size;
  }
  if (found <= kKept) at_[found] = end;
  return true;
}

bool Escapes::search(const char* from, const char* to) {
  return std::memchr(from, '\\', static_cast<std::size_t>(to - from)) != nullptr;
}

}  // namespace weir::host::json
