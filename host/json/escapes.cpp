#include "json/escapes.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "json/bytes_at_once.h"

namespace weir::host::json {
namespace {

struct ByByte {
  unsigned char escape_size[256];  // by what follows the backslash; 0: nothing of RFC 8259 section 7
  unsigned char is_hex[256];       // 1 or 0
};

constexpr ByByte make_by_byte() {
  ByByte by_byte{};
  for (const unsigned char c : {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'}) by_byte.escape_size[c] = 2;
  by_byte.escape_size[static_cast<unsigned char>('u')] = 6;
  for (const char c : std::string_view("0123456789abcdefABCDEF")) by_byte.is_hex[static_cast<unsigned char>(c)] = 1;
  return by_byte;
}

constexpr ByByte kByByte = make_by_byte();

/// Bytes of the escape that begins at the backslash at `at`; 0: none does. Five bytes behind it are readable, whatever `end` is. Which
/// escape it is is as good as random, so no branch is to depend on it.
inline std::size_t escape_size(const char* at, const char* end) {
  const auto byte = [at](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  const auto hex = [&byte](std::size_t i) { return unsigned{kByByte.is_hex[byte(i)]}; };
  const std::size_t size = kByByte.escape_size[byte(1)];
  const unsigned digits = hex(2) & hex(3) & hex(4) & hex(5);
  const unsigned good =
      (digits | static_cast<unsigned>(size == 2)) & static_cast<unsigned>(size <= static_cast<std::size_t>(end - at));
  return good != 0 ? size : 0;
}

}  // namespace

bool Escapes::start(std::string_view text) {
  const char* const end = text.data() + text.size();
  const char* behind = text.data();  // the latest escape
  std::size_t found = 0;
  next_ = 0;
  for (const char* block = text.data(); block < end; block += 64) {
    for (std::uint64_t bits = backslash_bits(block); bits != 0; bits &= bits - 1) {
      const char* const at = block + std::countr_zero(bits);
      if (at < behind) continue;
      if (at >= end) break;
      const std::size_t size = escape_size(at, end);
      if (size == 0) return false;
      if (found <= kKept) at_[found++] = at;
      behind = at + size;
    }
  }
  if (found <= kKept) at_[found] = end;
  return true;
}

bool Escapes::search(const char* from, const char* to) {
  return std::memchr(from, '\\', static_cast<std::size_t>(to - from)) != nullptr;
}

}  // namespace weir::host::json
