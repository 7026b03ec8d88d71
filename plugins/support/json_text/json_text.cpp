#include "json_text/json_text.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace weir::plugins {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

bool plain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\'; }

/// The common case, eight bytes at a time; text beyond ASCII is none of it. What a subtraction borrows from the byte above counts only
/// where a byte below was not plain already.
bool all_plain(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::uint64_t found = 0;
  const auto look = [&](const char* at, std::size_t size) {
    std::uint64_t bytes = kOnes * 'a';
    std::memcpy(&bytes, at, size);
    found |= bytes | (bytes - kOnes * 0x20) | ((bytes ^ kOnes * '"') - kOnes) | ((bytes ^ kOnes * '\\') - kOnes);
  };
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) look(text.data() + i, 8);
  if (i < text.size()) look(text.data() + i, text.size() - i);
  return (found & kOnes * 0x80) == 0;
}

/// The letter of a short escape, 0 when there is none.
char short_escape(char c) {
  switch (c) {
    case '"':
      return '"';
    case '\\':
      return '\\';
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

void append_escaped(std::string& out, char c) {
  if (const char letter = short_escape(c)) {
    out += '\\';
    out += letter;
    return;
  }
  out += "\\u00";
  out += kHexDigits[static_cast<unsigned char>(c) >> 4];
  out += kHexDigits[static_cast<unsigned char>(c) & 15];
}

char unescaped(char letter) {
  switch (letter) {
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
      return letter;
  }
}

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char c : digits.substr(0, 4)) {
    const auto digit = static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    value = value * 16 + digit;
  }
  return value;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    tail(12), tail(6), tail(0);
  }
}

/// The code point of the escape that `text` starts with ("\uXXXX", perhaps two), whose length goes to `length`; empty: half a pair.
std::optional<std::uint32_t> escaped_point(std::string_view text, std::size_t& length) {
  const std::uint32_t first = hex4(text.substr(2));
  length = 6;
  if (first < 0xD800 || first > 0xDFFF) return first;
  if (first > 0xDBFF || text.size() < 12 || text[6] != '\\' || text[7] != 'u') return std::nullopt;
  const std::uint32_t second = hex4(text.substr(8));
  if (second < 0xDC00 || second > 0xDFFF) return std::nullopt;
  length = 12;
  return 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
}

/// Bytes of the character that starts with `lead`, and the range its second byte lies in; 0: no character starts so.
struct Utf8Form {
  std::uint8_t length, low, high;
};
Utf8Form utf8_form(unsigned char lead) {
  if (lead < 0x80) return {1, 0, 0};
  if (lead >= 0xC2 && lead <= 0xDF) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t start = 0;
  if (all_plain(text)) {
    out.append(text).push_back('"');
    return;
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (plain(static_cast<unsigned char>(text[i]))) continue;
    out.append(text, start, i - start);
    append_escaped(out, text[i]);
    start = i + 1;
  }
  out.append(text, start);
  out += '"';
}

bool append_unescaped(std::string& out, std::string_view inside) {
  for (std::size_t i = 0; i < inside.size();) {
    const std::size_t escape = inside.find('\\', i);
    out.append(inside, i, escape - i);
    if (escape == std::string_view::npos) break;
    std::size_t length = 2;
    if (inside[escape + 1] == 'u') {
      const auto point = escaped_point(inside.substr(escape), length);
      if (!point) return false;
      append_utf8(out, *point);
    } else {
      out += unescaped(inside[escape + 1]);
    }
    i = escape + length;
  }
  return true;
}

std::size_t string_end(std::string_view json, std::size_t start) {
  std::size_t i = start + 1;
  while (i < json.size() && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
  return i < json.size() ? i + 1 : json.size();
}

bool is_utf8(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  for (std::size_t i = 0; i < bytes.size();) {
    std::uint64_t eight = 0;
    if (i + sizeof(eight) <= bytes.size() &&
        (std::memcpy(&eight, bytes.data() + i, sizeof(eight)), (eight & 0x8080808080808080U) == 0)) {
      i += sizeof(eight);
      continue;
    }
    const Utf8Form form = utf8_form(at(i));
    if (form.length == 0 || i + form.length > bytes.size()) return false;
    if (form.length > 1 && (at(i + 1) < form.low || at(i + 1) > form.high)) return false;
    for (std::size_t k = 2; k < form.length; ++k) {
      if ((at(i + k) & 0xC0) != 0x80) return false;
    }
    i += form.length;
  }
  return true;
}

void append_base64(std::string& out, std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::array<std::uint32_t, 3> in{};
    const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    for (std::size_t k = 0; k < count; ++k) in[k] = static_cast<unsigned char>(bytes[i + k]);
    const std::uint32_t bits = in[0] << 16 | in[1] << 8 | in[2];
    out += kDigits[bits >> 18];
    out += kDigits[(bits >> 12) & 63];
    out += count > 1 ? kDigits[(bits >> 6) & 63] : '=';
    out += count > 2 ? kDigits[bits & 63] : '=';
  }
}

}  // namespace weir::plugins
