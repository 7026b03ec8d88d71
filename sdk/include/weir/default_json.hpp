#pragma once
#include <string_view>

/// Whether a field's default is JSON (RFC 8259), asked when the plugin is compiled: a text without its quotes is the usual slip.
namespace weir::detail {

class DefaultJson {
 public:
  static constexpr bool is_valid(std::string_view text) {
    DefaultJson reader(text);
    return reader.value() && reader.text_.empty();
  }

 private:
  constexpr explicit DefaultJson(std::string_view text) : text_(text) {}

  constexpr bool value() {
    blanks();
    const char first = peek();
    const bool right = first == '{'   ? members('}', true)
                       : first == '[' ? members(']', false)
                       : first == '"' ? string()
                                      : word("true") || word("false") || word("null") || number();
    blanks();
    return right;
  }

  constexpr bool members(char end, bool named) {
    take();
    blanks();
    if (peek() == end) return take();
    while (true) {
      blanks();
      if (named && !(string() && colon())) return false;
      if (!value()) return false;
      if (peek() == end) return take();
      if (peek() != ',') return false;
      take();
    }
  }

  constexpr bool colon() {
    blanks();
    return peek() == ':' && take();
  }

  constexpr bool string() {
    if (peek() != '"') return false;
    take();
    while (!text_.empty() && peek() != '"') {
      if (static_cast<unsigned char>(peek()) < ' ') return false;
      if (peek() == '\\' && !escape()) return false;
      take();
    }
    return peek() == '"' && take();
  }

  /// Up to its last character.
  constexpr bool escape() {
    take();
    if (peek() != 'u') return !text_.empty() && std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos;
    for (int i = 0; i < 4; ++i) {
      take();
      if (text_.empty() || std::string_view("0123456789abcdefABCDEF").find(peek()) == std::string_view::npos)
        return false;
    }
    return true;
  }

  constexpr bool number() {
    if (peek() == '-') take();
    if (peek() == '0') {
      take();
    } else if (!digits()) {
      return false;
    }
    if (peek() == '.' && !(take() && digits())) return false;
    if (peek() != 'e' && peek() != 'E') return true;
    take();
    if (peek() == '+' || peek() == '-') take();
    return digits();
  }

  constexpr bool digits() {
    const std::size_t before = text_.size();
    while (peek() >= '0' && peek() <= '9') take();
    return text_.size() < before;
  }

  constexpr bool word(std::string_view word) {
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  constexpr void blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') take();
  }

  /// '\0' at the end: no JSON text holds one.
  [[nodiscard]] constexpr char peek() const { return text_.empty() ? '\0' : text_.front(); }
  constexpr bool take() {
    if (!text_.empty()) text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
};

}  // namespace weir::detail
