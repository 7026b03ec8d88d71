#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The slow reference that judges the document engine: parses the plain way, knows nothing of host/json.
namespace reference {

struct Member;

/// One value of a text. Offsets are into that text.
struct Node {
  char kind = 'n';  // n b # " [ {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::vector<Member> members;
};

struct Member {
  std::size_t begin = 0;    // first byte: of the name, in arrays of the value
  std::size_t key_end = 0;  // after the name; begin in arrays
  std::string name;         // unescaped; lone surrogates as the three bytes of their code point
  Node value;
};

/// Strictly RFC 8259, at most 64 containers deep. Empty: not JSON.
[[nodiscard]] std::optional<Node> parse(std::string_view text);
[[nodiscard]] bool has_twins(const Node& object);

/// Unescapes a literal (with quotes). `raw_offset[i]`: where in the literal the i-th plain byte comes from; one more for the end.
struct Plain {
  std::string text;
  std::vector<std::size_t> raw_offset;
  bool lone_surrogate = false;
};
[[nodiscard]] Plain unescape(std::string_view literal);
/// Minimal escapes, without quotes.
[[nodiscard]] std::string escape(std::string_view text);
[[nodiscard]] bool valid_utf8(std::string_view text);

}  // namespace reference
