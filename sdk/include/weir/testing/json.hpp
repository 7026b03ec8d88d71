#pragma once
#include <weir/abi.h>

#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

/// A small JSON reader for unit tests: strict (RFC 8259), slow, independent of the host's. A node knows where its text stands,
/// so an edit is a splice and what it does not touch keeps its bytes.
namespace weir::testing {

/// A document that cannot be used; `reason` is a constant.
struct BadDocument {
  const char* reason;
};

struct Node {
  std::uint32_t type = WEIR_NULL;  // WEIR_NULL … WEIR_OBJECT; numbers: WEIR_DOUBLE
  std::size_t begin = 0;           // its text: [begin, end)
  std::size_t end = 0;
  std::string name;            // of a member, unescaped
  std::size_t name_begin = 0;  // of a member: its name's text with quotes
  std::size_t name_end = 0;
  std::vector<Node> children;

  [[nodiscard]] std::string_view in(std::string_view text) const { return text.substr(begin, end - begin); }
};

namespace detail {

inline void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) return put(code);
  if (code < 0x800) return put(0xC0 | code >> 6), put(0x80 | (code & 0x3F));
  if (code < 0x10000) return put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
  put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 0x3F)), put(0x80 | (code >> 6 & 0x3F)), put(0x80 | (code & 0x3F));
}

/// Bytes of the UTF-8 sequence at `at`; 0: not UTF-8.
inline std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto is_tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return is_tail(at + 1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(at + 1) < 0xA0;
    const bool surrogate = first == 0xED && byte(at + 1) > 0x9F;
    return !overlong && !surrogate && is_tail(at + 1) && is_tail(at + 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first < 0xF5) {
    const bool overlong = first == 0xF0 && byte(at + 1) < 0x90;
    const bool beyond = first == 0xF4 && byte(at + 1) > 0x8F;
    return !overlong && !beyond && is_tail(at + 1) && is_tail(at + 2) && is_tail(at + 3) ? 4 : 0;
  }
  return 0;
}

inline std::uint32_t hex4(std::string_view digits) {
  std::uint32_t code = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
  return code;
}

}  // namespace detail

/// The text of a JSON string, given with its quotes. BadDocument: a lone surrogate.
inline std::string unescape(std::string_view quoted) {
  std::string out;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] != '\\') {
      out += quoted[i];
      continue;
    }
    const char escape = quoted[++i];
    constexpr std::string_view kLetters = "bfnrt";
    constexpr std::string_view kControls = "\b\f\n\r\t";
    if (const std::size_t at = kLetters.find(escape); at != std::string_view::npos) {
      out += kControls[at];
    } else if (escape != 'u') {
      out += escape;
    } else {
      std::uint32_t code = detail::hex4(quoted.substr(i + 1, 4));
      i += 4;
      if (code >= 0xD800 && code < 0xE000) {
        const bool paired = code < 0xDC00 && quoted.substr(i + 1, 2) == "\\u";
        const std::uint32_t low = paired ? detail::hex4(quoted.substr(i + 3, 4)) : 0;
        if (low < 0xDC00 || low >= 0xE000) throw BadDocument{"a lone surrogate"};
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        i += 6;
      }
      detail::append_utf8(out, code);
    }
  }
  return out;
}

/// A text as a JSON string: escapes only quotes, backslashes and controls.
inline std::string quote(std::string_view text) {
  constexpr std::string_view kControls = "\b\f\n\r\t";
  constexpr std::string_view kLetters = "bfnrt";
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte >= 0x20) {
      out += c;
    } else if (const std::size_t at = kControls.find(c); at != std::string_view::npos) {
      out += '\\';
      out += kLetters[at];
    } else {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out += '"';
}

namespace detail {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Node document() {
    Node root = value(0);
    blanks();
    if (at_ != text_.size()) bad();
    return root;
  }

 private:
  [[noreturn]] static void bad() { throw BadDocument{"not JSON"}; }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) { return peek() == c && at_ < text_.size() ? (++at_, true) : false; }
  void need(char c) { take(c) ? void() : bad(); }
  void blanks() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_]) != nullptr && text_[at_] != '\0') ++at_;
  }

  Node value(int depth) {
    blanks();
    Node node;
    node.begin = at_;
    switch (peek()) {
      case '{':
        members(node, depth);
        break;
      case '[':
        elements(node, depth);
        break;
      case '"':
        node.type = WEIR_STRING;
        string();
        break;
      case 't':
        node.type = WEIR_BOOL;
        word("true");
        break;
      case 'f':
        node.type = WEIR_BOOL;
        word("false");
        break;
      case 'n':
        word("null");
        break;
      default:
        node.type = WEIR_DOUBLE;
        number();
    }
    node.end = at_;
    return node;
  }

  void members(Node& node, int depth) {
    if (depth == 64) throw BadDocument{"nested deeper than 64"};
    node.type = WEIR_OBJECT;
    need('{');
    blanks();
    if (take('}')) return;
    do {
      blanks();
      const std::size_t name_begin = at_;
      string();
      const std::size_t name_end = at_;
      blanks();
      need(':');
      Node member = value(depth + 1);
      member.name_begin = name_begin;
      member.name_end = name_end;
      member.name = unescape(text_.substr(name_begin, name_end - name_begin));
      node.children.push_back(std::move(member));
      blanks();
    } while (take(','));
    need('}');
  }

  void elements(Node& node, int depth) {
    if (depth == 64) throw BadDocument{"nested deeper than 64"};
    node.type = WEIR_ARRAY;
    need('[');
    blanks();
    if (take(']')) return;
    do {
      node.children.push_back(value(depth + 1));
      blanks();
    } while (take(','));
    need(']');
  }

  void word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) bad();
    at_ += word.size();
  }

  void string() {
    need('"');
    while (!take('"')) {
      if (at_ >= text_.size() || static_cast<unsigned char>(text_[at_]) < 0x20) bad();
      if (take('\\')) {
        escape();
      } else {
        const std::size_t length = utf8_length(text_, at_);
        if (length == 0) throw BadDocument{"not UTF-8"};
        at_ += length;
      }
    }
  }

  void escape() {
    if (take('u')) {
      for (int i = 0; i < 4; ++i) {
        if (std::isxdigit(static_cast<unsigned char>(peek())) == 0) bad();
        ++at_;
      }
    } else if (peek() != '\0' && std::strchr("\"\\/bfnrt", peek()) != nullptr) {
      ++at_;
    } else {
      bad();
    }
  }

  void digits() {
    if (peek() < '0' || peek() > '9') bad();
    while (peek() >= '0' && peek() <= '9') ++at_;
  }

  void number() {
    take('-');
    if (!take('0')) digits();
    if (take('.')) digits();
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      digits();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

inline weir_value number_of(std::string_view text) {
  weir_value value{};
  const char* end = text.data() + text.size();
  if (text.find_first_of(".eE") == std::string_view::npos && text != "-0") {
    value.type = WEIR_INT;
    if (std::from_chars(text.data(), end, value.as.i).ec == std::errc()) return value;
    value.type = WEIR_UINT;
    if (text[0] != '-' && std::from_chars(text.data(), end, value.as.u).ec == std::errc()) return value;
  }
  value.type = WEIR_DOUBLE;
  if (std::from_chars(text.data(), end, value.as.d).ec != std::errc() || !std::isfinite(value.as.d)) {
    throw BadDocument{"a number out of range"};
  }
  return value;
}

}  // namespace detail

/// Reads a whole document. BadDocument: it is none.
inline Node parse(std::string_view text) { return detail::Parser(text).document(); }

/// The value of a node; a string's text goes to `storage`. BadDocument: it cannot be used.
inline weir_value value_of(std::string_view document, const Node& node, std::string& storage) {
  if (node.type == WEIR_DOUBLE) return detail::number_of(node.in(document));
  weir_value value{};
  value.type = node.type;
  if (node.type == WEIR_BOOL) value.as.i = document[node.begin] == 't' ? 1 : 0;
  if (node.type == WEIR_ARRAY || node.type == WEIR_OBJECT) value.as.count = node.children.size();
  if (node.type == WEIR_STRING) {
    storage = unescape(node.in(document));
    value.as.s = {storage.data(), storage.size()};
  }
  return value;
}

/// A value as JSON text, compact.
inline std::string json_of(const weir_value& value) {
  switch (value.type) {
    case WEIR_BOOL:
      return value.as.i != 0 ? "true" : "false";
    case WEIR_INT:
      return std::to_string(value.as.i);
    case WEIR_UINT:
      return std::to_string(value.as.u);
    case WEIR_STRING:
      return quote({value.as.s.ptr, value.as.s.len});
    case WEIR_DOUBLE: {
      char text[32];
      return {text, std::to_chars(text, text + sizeof(text), value.as.d).ptr};
    }
    default:
      return "null";
  }
}

}  // namespace weir::testing
