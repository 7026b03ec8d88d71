#include "json/text.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace weir::host::json {
namespace {

/// The value of a hex digit by its byte; -1: it is none.
constexpr auto kHexValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::int8_t i = 0; i < 10; ++i) values[static_cast<unsigned char>('0' + i)] = i;
  for (std::int8_t i = 0; i < 6; ++i)
    values[static_cast<unsigned char>('a' + i)] = values[static_cast<unsigned char>('A' + i)] =
        static_cast<std::int8_t>(10 + i);
  return values;
}();

/// Of four hex digits; -1: they are none.
int code_unit(const char* at, const char* end) {
  if (end - at < 4) return -1;
  const auto digit = [at](int i) -> int { return kHexValues[static_cast<unsigned char>(at[i])]; };
  if ((digit(0) | digit(1) | digit(2) | digit(3)) < 0) return -1;
  return digit(0) << 12 | digit(1) << 8 | digit(2) << 4 | digit(3);
}

std::uint8_t write_utf8(std::uint32_t point, char* out) {
  if (point < 0x80) {
    out[0] = static_cast<char>(point);
    return 1;
  }
  if (point < 0x800) {
    out[0] = static_cast<char>(0xC0 | (point >> 6));
    out[1] = static_cast<char>(0x80 | (point & 0x3F));
    return 2;
  }
  if (point < 0x10000) {
    out[0] = static_cast<char>(0xE0 | (point >> 12));
    out[1] = static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out[2] = static_cast<char>(0x80 | (point & 0x3F));
    return 3;
  }
  out[0] = static_cast<char>(0xF0 | (point >> 18));
  out[1] = static_cast<char>(0x80 | ((point >> 12) & 0x3F));
  out[2] = static_cast<char>(0x80 | ((point >> 6) & 0x3F));
  out[3] = static_cast<char>(0x80 | (point & 0x3F));
  return 4;
}

char short_escape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;  // " \ /
  }
}

bool is_short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return true;
    default:
      return false;
  }
}

bool is_high(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

StringUnit read_unicode(const char* at, const char* end, char* out) {
  const int unit = code_unit(at + 2, end);
  if (is_high(unit) && end - at >= 12 && at[6] == '\\' && at[7] == 'u') {
    const int low = code_unit(at + 8, end);
    if (is_low(low)) {
      const auto point =
          0x10000u + ((static_cast<std::uint32_t>(unit) & 0x3FFu) << 10) + (static_cast<std::uint32_t>(low) & 0x3FFu);
      return {12, write_utf8(point, out), false};
    }
  }
  return {6, write_utf8(static_cast<std::uint32_t>(unit), out), is_high(unit) || is_low(unit)};
}

/// Not zero: some of the eight bytes is no plain one. Each test borrows from the byte above only where one failed already.
std::uint64_t not_plain(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  const std::uint64_t quote = bytes ^ kOnes * '"';
  const std::uint64_t backslash = bytes ^ kOnes * '\\';
  return (bytes | (bytes - kOnes * 0x20) | (quote - kOnes) | (backslash - kOnes)) & kOnes * 0x80;
}

using Sixteen = signed char __attribute__((vector_size(16)));

/// Is a text of sixteen bytes or more plain; its last sixteen begin at `last`. No branch on the bytes: they hardly ever are not.
bool all_plain(const char* at, const char* last) {
  Sixteen found{};
  const auto look_at = [&found](const char* bytes_at) {
    Sixteen bytes;
    std::memcpy(&bytes, bytes_at, sizeof(bytes));
    found |= (bytes < 0x20) | (bytes == '"') | (bytes == '\\');  // less: controls, and what is not ASCII
  };
  for (; at < last; at += sizeof(Sixteen)) look_at(at);
  look_at(last);
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(found);
  return (halves[0] | halves[1]) == 0;
}

struct EscapeTable {
  std::array<std::array<char, 6>, 256> text{};
  std::array<std::uint8_t, 256> size{};
};

constexpr EscapeTable make_escapes() {
  EscapeTable table;
  constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i < 0x20; ++i) {
    table.text[i] = {'\\', 'u', '0', '0', kHex[i >> 4], kHex[i & 15]};
    table.size[i] = 6;
  }
  constexpr char kShort[][2] = {{'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'},
                                {'\t', 't'}, {'"', '"'},  {'\\', '\\'}};
  for (const auto& pair : kShort) {
    const auto byte = static_cast<unsigned char>(pair[0]);
    table.text[byte] = {'\\', pair[1]};
    table.size[byte] = 2;
  }
  return table;
}
constexpr EscapeTable kEscapes = make_escapes();

}  // namespace

bool is_plain(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  const auto word = [](const char* at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, at, kWord);
    return bytes;
  };
  std::uint64_t found = 0;
  const char* const end = text.data() + text.size();
  if (text.size() < kWord) {
    for (const char* at = text.data(); at != end; ++at)
      found |= not_plain(0x4141414141414100u | static_cast<unsigned char>(*at));
    return found == 0;
  }
  if (text.size() >= sizeof(Sixteen)) return all_plain(text.data(), end - sizeof(Sixteen));
  const char* const last = end - kWord;  // some of its bytes may be looked at twice
  for (const char* at = text.data(); at < last; at += kWord) found |= not_plain(word(at));
  return (found | not_plain(word(last))) == 0;
}

namespace {

/// Bytes of the escape that begins at the backslash at `at`; 0: none of section 7 does.
std::size_t escape_size(const char* at, const char* end) {
  if (end - at < 2) return 0;
  if (at[1] == 'u') return code_unit(at + 2, end) < 0 ? 0 : 6;
  return is_short_escape(at[1]) ? 2 : 0;
}

}  // namespace

bool escapes_are_valid(std::string_view inside) {
  const char* at = inside.data();
  const char* const end = at + inside.size();
  while ((at = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)))) != nullptr) {
    const std::size_t size = escape_size(at, end);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

StringUnit read_unit(const char* at, const char* end, char* out) {
  if (*at != '\\') {
    *out = *at;
    return {};
  }
  if (at[1] == 'u') return read_unicode(at, end, out);
  *out = short_escape(at[1]);
  return {2, 1, false};
}

Unescaped unescape(std::string_view inside, char* out) {
  const char* at = inside.data();
  const char* const end = at + inside.size();
  char* const start = out;
  bool lone = false;
  while (at != end) {
    const auto* slash = static_cast<const char*>(std::memchr(at, '\\', static_cast<std::size_t>(end - at)));
    const auto plain = static_cast<std::size_t>((slash == nullptr ? end : slash) - at);
    std::memcpy(out, at, plain);
    out += plain;
    at += plain;
    if (slash == nullptr) break;
    const StringUnit unit = read_unit(at, end, out);
    out += unit.plain_size;
    at += unit.raw_size;
    lone = lone || unit.lone_surrogate;
  }
  return {static_cast<std::size_t>(out - start), lone};
}

std::string_view escape_of(unsigned char byte) { return {kEscapes.text[byte].data(), kEscapes.size[byte]}; }

std::size_t literal_size(std::string_view text) {
  if (is_plain(text)) return text.size() + 2;
  std::size_t size = 2;
  for (const char c : text) {
    const std::size_t escaped = kEscapes.size[static_cast<unsigned char>(c)];
    size += escaped == 0 ? 1 : escaped;
  }
  return size;
}

char* write_literal(std::string_view text, char* out) {
  *out++ = '"';
  if (is_plain(text)) {
    out = std::copy(text.begin(), text.end(), out);
    *out++ = '"';
    return out;
  }
  for (const char c : text) {
    const std::string_view escape = escape_of(static_cast<unsigned char>(c));
    if (escape.empty()) {
      *out++ = c;
    } else {
      std::memcpy(out, escape.data(), escape.size());
      out += escape.size();
    }
  }
  *out++ = '"';
  return out;
}

}  // namespace weir::host::json
