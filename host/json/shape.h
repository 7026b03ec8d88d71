#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

#include "json/escapes.h"
#include "json/place.h"

namespace weir::host {
class Arena;
}

namespace weir::host::json {

/// A text is cut into runs and values in turns. Values are scalars, what is inside strings that are no names, and containers that no
/// path goes on into; a run is what lies before, between or after them: brackets, names, commas, white space and the quotes of
/// those strings.
struct Cuts {
  static constexpr std::size_t kMax = 512;

  /// The run that holds the byte, or whose value does.
  [[nodiscard]] std::uint32_t run_of(std::uint32_t byte) const;

  std::uint32_t count = 0;
  std::uint32_t at[kMax + 3] = {};  // where each run begins, and room for loops over fours
};

/// The places of documents that have the same runs: what is the same in all of them, and where the rest is found.
class Shape {
 public:
  /// Of a document that was scanned and not edited yet.
  Shape(const Place& root, const char* text, const Cuts& cuts);

  [[nodiscard]] std::size_t places() const { return drafts_.size() - 1; }
  [[nodiscard]] std::size_t bytes() const {
    return bytes_of(places()) + singles_.size() * sizeof(Single) + nodes_.size() * sizeof(const Node*);
  }
  /// A name occurs twice in one of its containers.
  [[nodiscard]] bool has_duplicates() const { return has_duplicates_; }
  /// What one of so many places takes, but for sets of nodes that are not the plan's.
  [[nodiscard]] static std::size_t bytes_of(std::size_t places) {
    return (places + 1) * (sizeof(Place) + sizeof(Draft) + sizeof(Family) + sizeof(Special));
  }
  /// Makes the places of such a document: the root's members and all below it. `singles`: as Tree has them.
  void lay_out(const char* text, const Cuts& cuts, Escapes& escapes, Place& root, Arena& arena, Place** singles) const;

 private:
  /// What is made of places_ in a document.
  struct Draft {
    std::uint32_t begin = 0;  // the run it begins in, or at the end of, and how far from where that begins
    std::uint32_t begin_offset = 0;
    std::uint32_t end = 0;  // likewise
    std::uint32_t end_offset = 0;
    std::uint32_t parent = 0;
    std::uint32_t next = 0;  // sibling, of those below the root; of the last one nothing
    bool named = false;
  };
  struct Family {
    std::uint32_t parent, first, last;
  };
  struct Special {
    std::uint32_t place, nodes;  // where they begin in nodes_
  };
  struct Single {
    std::uint32_t number;  // Node::single
    std::uint32_t place;   // the draft of its place
  };

  std::uint32_t take(const Place& place, std::uint32_t parent, const char* text, const Cuts& cuts);

  // The root, and in the order of the text what is below it.
  std::vector<Place> places_;  // what all have in common; nothing that points, but to nodes of the plan
  std::vector<Draft> drafts_;
  std::vector<Family> families_;
  std::vector<Special> specials_;
  std::vector<Single> singles_;
  std::vector<const Node*> nodes_;  // sets that are not the plan's own
  bool has_duplicates_ = false;
};

/// True: the set lives as long as the plan, and is always the same one.
[[nodiscard]] bool is_of_plan(NodeSet nodes);

}  // namespace weir::host::json
