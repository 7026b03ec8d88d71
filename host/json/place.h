#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "json/trie.h"

namespace weir::host::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

namespace detail {

constexpr std::array<Kind, 256> make_kinds() {
  std::array<Kind, 256> kinds{};
  kinds.fill(Kind::number);
  kinds['{'] = Kind::object;
  kinds['['] = Kind::array;
  kinds['"'] = Kind::string;
  kinds['n'] = Kind::null;
  kinds['t'] = kinds['f'] = Kind::boolean;
  return kinds;
}

inline constexpr std::array<Kind, 256> kKinds = make_kinds();

}  // namespace detail

/// By the first byte of a value.
[[nodiscard]] inline Kind kind_of(char first) { return detail::kKinds[static_cast<unsigned char>(first)]; }

/// One value of a document that some path of the plan reaches, or passes through. Places make a tree that holds only those;
/// what lies between them is known as white space and bytes to copy. They lie in the slice's arena and do not move.
///
/// In `{"a": 1 , "b" : [2] }` the place of b has the member `"b" : [2]`; its gap_before is ` , ` (all between the end of 1 and
/// the member), its gap_after the blank before the bracket.
///
/// An edit changes the place it meets and marks those above as dirty; the writer then walks the dirty ones.
struct Place {
  Place* parent = nullptr;  // of the root of an embedded text: the string
  Place* first =
      nullptr;  // children: original members in document order, then added ones; of a string: its embedded root
  Place* last = nullptr;
  Place* next = nullptr;
  NodeSet nodes;

  // The value as it stands now, but for edits further down.
  const char* text = nullptr;
  std::uint32_t size = 0;
  Kind kind = Kind::null;
  std::uint8_t depth = 0;  // containers around it, within its own text

  // What became of it. Bits: there may be very many places.
  bool removed : 1 = false;
  bool detached : 1 = false;  // its parent's text was replaced: nothing of it counts any more
  bool replaced : 1 = false;  // `text` is not what stands in the parent's text
  bool renamed : 1 = false;
  bool added : 1 = false;  // not in the parent's text at all
  bool dirty : 1 = false;  // something below it changed
  bool comma : 1 = false;  // something was added right after it: what follows it is one comma
  // Of containers.
  bool duplicates : 1 = false;        // a name occurs twice
  bool stale : 1 = false;             // elements were removed, so the indexes that children were found by are wrong
  bool opened : 1 = false;            // something was added when it was empty: its white space comes last
  bool comma_after_last : 1 = false;  // as `comma`, of the last original member, which is no place
  // Of strings.
  bool escaped : 1 = false;        // holds a backslash
  bool looked_inside : 1 = false;  // `first` is the embedded root, or there is none:
  bool not_json : 1 = false;

  // Of containers that some path goes on into; of others nobody asks.
  std::uint32_t count = 0;     // members now
  std::uint32_t original = 0;  // members in `text`
  std::uint32_t head = 0;      // white space after the opening bracket (all of it, if there are no members)
  std::uint32_t tail = 0;      // white space before the closing bracket
  std::uint32_t epoch = 0;     // counts how often its children were made anew

  // Where it stands in its parent's text. `member` begins with the name, of an element with the value.
  std::uint32_t member_size = 0;
  const char* member = nullptr;
  std::uint32_t value_offset = 0;
  std::uint32_t key_size = 0;  // the name as it was, with quotes; 0: an element or a root
  std::uint32_t index = 0;     // among the original members
  std::uint32_t gap_before = 0;
  std::uint32_t gap_after = 0;

  std::uint32_t name_size = 0;
  const char* name = nullptr;  // with quotes; null: none

  [[nodiscard]] std::string_view view() const { return {text, size}; }
  [[nodiscard]] const char* member_end() const { return member + member_size; }
  [[nodiscard]] bool is_container() const { return kind >= Kind::array; }
  /// Of a string: its text between the quotes is what it stands for.
  [[nodiscard]] bool is_plain_string() const { return !escaped && !dirty; }
  [[nodiscard]] bool alive() const { return !removed && !detached; }
  /// Some byte of its member is not the original's.
  [[nodiscard]] bool changed() const { return replaced || renamed || dirty; }
};

/// Of a place that is a root: its whole text, with the white space around the value.
[[nodiscard]] inline std::string_view whole_text(const Place& root) {
  return {root.member - root.gap_before, std::size_t{root.gap_before} + root.member_size + root.gap_after};
}

static_assert(sizeof(Place) <= 128);

inline void append_child(Place& parent, Place& child) {
  child.parent = &parent;
  (parent.last == nullptr ? parent.first : parent.last->next) = &child;
  parent.last = &child;
}

/// False: something above it (or itself) was replaced or removed.
[[nodiscard]] inline bool is_attached(const Place& place) {
  for (const Place* at = &place; at != nullptr; at = at->parent) {
    if (!at->alive()) return false;
  }
  return true;
}

}  // namespace weir::host::json
