#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "json/place.h"

namespace weir::host {
class Arena;
}

namespace weir::host::json {

/// Where the strings and scalars that are no names begin and end in a text: it is cut into what lies before the first of them,
/// that value, what lies between it and the next, and so on. Cut 2i is the end of value i - 1, cut 2i + 1 the begin of value i.
struct Cuts {
  static constexpr std::size_t kMaxValues = 512;

  void clear() { ends = 0; }
  void add(std::uint32_t begin, std::uint32_t end, bool escaped) {
    at[2 * ends + 1] = begin;
    at[2 * ends + 2] = end;
    has_backslash[ends++] = escaped;
  }
  [[nodiscard]] bool full() const { return ends == kMaxValues; }
  /// The last cut at or before that byte of the text.
  [[nodiscard]] std::uint32_t last_before(std::uint32_t byte) const;

  std::uint32_t ends = 0;                     // values so far
  std::uint32_t at[2 * kMaxValues + 1] = {};  // offsets in the text; the first is 0
  bool has_backslash[kMaxValues] = {};
};

/// The places of documents that differ in nothing but the values between their cuts: what is the same in all of them, and at
/// which cuts the rest is found.
class Shape {
 public:
  /// Of a document that was scanned and not edited yet.
  Shape(const Place& root, const char* text, const Cuts& cuts);

  [[nodiscard]] std::size_t places() const { return places_.size() - 1; }
  [[nodiscard]] std::size_t bytes() const { return bytes_of(places()) + nodes_.size() * sizeof(const Node*); }
  /// What one of so many places takes, but for sets of nodes that are not the plan's.
  [[nodiscard]] static std::size_t bytes_of(std::size_t places) { return (places + 1) * sizeof(Stone); }
  /// Makes the places of such a document: the root's members and all below it. `singles`: as Tree has them.
  void lay_out(const char* text, const Cuts& cuts, Place& root, Arena& arena, Place** singles) const;

 private:
  struct Stone {
    Place place;  // what all have in common; nothing that points
    std::uint32_t parent = 0;
    std::uint32_t last = 0;  // child; 0: it has none. The first is the next stone
    std::uint32_t next = 0;  // sibling; 0: none
    std::uint32_t begin = 0;  // the cut before its first byte, and how far
    std::uint32_t begin_offset = 0;
    std::uint32_t end = 0;  // of what follows it, likewise
    std::uint32_t end_offset = 0;
    std::uint32_t nodes = kOfThePlan;  // where they begin in nodes_
    bool is_value = false;             // one between two cuts
    bool named = false;
  };
  static constexpr std::uint32_t kOfThePlan = 0xffffffffu;

  std::uint32_t take(const Place& place, std::uint32_t parent, const char* text, const Cuts& cuts);
  void fill(const Stone& stone, const char* text, const Cuts& cuts, Place& place) const;

  std::vector<Stone> places_;       // the root, and in the order of the text what is below it
  std::vector<const Node*> nodes_;  // sets that are not the plan's own
};

/// True: the set lives as long as the plan, and is always the same one.
[[nodiscard]] bool is_of_plan(NodeSet nodes);

}  // namespace weir::host::json
