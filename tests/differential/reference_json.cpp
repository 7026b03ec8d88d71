#include "reference_json.h"

#include <cstdio>
#include <set>

namespace reference {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Node> all() {
    Node root;
    if (!valid_utf8(text_) || !value(root, 0)) return std::nullopt;
    space();
    if (at_ != text_.size()) return std::nullopt;
    return root;
  }

 private:
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool eat(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }

  bool value(Node& node, int depth) {
    space();
    node.begin = at_;
    bool good = false;
    switch (peek()) {
      case '{':
      case '[':
        node.kind = peek();
        good = depth < 64 && members(node, depth + 1);
        break;
      case '"':
        node.kind = '"';
        good = string();
        break;
      case 't':
        good = word("true", node);
        break;
      case 'f':
        good = word("false", node);
        break;
      case 'n':
        good = word("null", node);
        break;
      default:
        node.kind = '#';
        good = number();
    }
    node.end = at_;
    return good;
  }

  bool word(std::string_view word, Node& node) {
    node.kind = word == "null" ? 'n' : 'b';
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  bool members(Node& node, int depth) {
    const bool is_object = node.kind == '{';
    const char closing = is_object ? '}' : ']';
    ++at_;
    space();
    if (eat(closing)) return true;
    do {
      Member member;
      space();
      member.begin = member.key_end = at_;
      if (is_object) {
        if (peek() != '"' || !string()) return false;
        member.key_end = at_;
        member.name = unescape(text_.substr(member.begin, at_ - member.begin)).text;
        space();
        if (!eat(':')) return false;
      }
      if (!value(member.value, depth)) return false;
      node.members.push_back(std::move(member));
      space();
    } while (eat(','));
    return eat(closing);
  }

  bool string() {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c != '\\') continue;
      const char kind = peek();
      ++at_;
      if (kind == 'u') {
        for (int i = 0; i < 4; ++i, ++at_) {
          if (std::string_view("0123456789abcdefABCDEF").find(peek()) == std::string_view::npos || at_ >= text_.size())
            return false;
        }
      } else if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos) {
        return false;
      }
    }
    return false;
  }

  bool digits() {
    const std::size_t start = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > start;
  }

  bool number() {
    eat('-');
    if (!eat('0') && !digits()) return false;
    if (eat('.') && !digits()) return false;
    if (eat('e') || eat('E')) {
      if (!eat('+')) eat('-');
      if (!digits()) return false;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

unsigned hex4(std::string_view text) {
  return static_cast<unsigned>(std::stoul(std::string(text.substr(0, 4)), nullptr, 16));
}

std::string encode(unsigned long point) {
  std::string out;
  if (point < 0x80) return {static_cast<char>(point)};
  int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  out += static_cast<char>((more == 1 ? 0xC0u : more == 2 ? 0xE0u : 0xF0u) | (point >> (6 * more)));
  while (more-- > 0) out += static_cast<char>(0x80u | ((point >> (6 * more)) & 0x3Fu));
  return out;
}

}  // namespace

std::optional<Node> parse(std::string_view text) { return Parser(text).all(); }

bool has_twins(const Node& object) {
  std::set<std::string_view> names;
  for (const Member& member : object.members) {
    if (object.kind == '{' && !names.insert(member.name).second) return true;
  }
  return false;
}

Plain unescape(std::string_view literal) {
  Plain plain;
  std::size_t at = 1;
  const std::size_t end = literal.size() - 1;
  while (at < end) {
    std::string piece(1, literal[at]);
    std::size_t size = 1;
    if (literal[at] == '\\' && literal[at + 1] == 'u') {
      unsigned long point = hex4(literal.substr(at + 2));
      size = 6;
      if (point >= 0xD800 && point < 0xDC00 && at + 12 <= end && literal.substr(at + 6, 2) == "\\u") {
        const unsigned low = hex4(literal.substr(at + 8));
        if (low >= 0xDC00 && low < 0xE000) {
          point = 0x10000 + (point - 0xD800) * 0x400 + (low - 0xDC00);
          size = 12;
        }
      }
      plain.lone_surrogate = plain.lone_surrogate || (point >= 0xD800 && point < 0xE000);
      piece = encode(point);
    } else if (literal[at] == '\\') {
      const std::string_view kinds = "\"\\/bfnrt";
      piece = std::string(1, "\"\\/\b\f\n\r\t"[kinds.find(literal[at + 1])]);
      size = 2;
    }
    plain.raw_offset.insert(plain.raw_offset.end(), piece.size(), at);
    plain.text += piece;
    at += size;
  }
  plain.raw_offset.push_back(end);
  return plain;
}

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::size_t known = std::string_view("\"\\\b\f\n\r\t").find(c);
    if (known != std::string_view::npos) {
      out += '\\';
      out += "\"\\bfnrt"[known];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char code[7];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out;
}

bool valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) {
      return static_cast<unsigned>(static_cast<unsigned char>(i < text.size() ? text[i] : 0));
    };
    const unsigned lead = byte(at++);
    if (lead < 0x80) continue;
    const int more = lead >= 0xC2 && lead <= 0xDF   ? 1
                     : lead >= 0xE0 && lead <= 0xEF ? 2
                     : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                    : 0;
    if (more == 0) return false;
    unsigned long point = lead & (0x3Fu >> more);
    for (int i = 0; i < more; ++i, ++at) {
      if ((byte(at) & 0xC0u) != 0x80) return false;
      point = point * 64 + (byte(at) & 0x3Fu);
    }
    if ((more == 2 && point < 0x800) || (more == 3 && (point < 0x10000 || point > 0x10FFFF)) ||
        (point >= 0xD800 && point < 0xE000))
      return false;
  }
  return true;
}

}  // namespace reference
