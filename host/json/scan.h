#pragma once
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "json/cursor.h"
#include "json/escapes.h"
#include "json/name_check.h"
#include "json/place.h"
#include "json/shape_memory.h"

namespace weir::host {
class Arena;
}

namespace weir::host::json {

inline constexpr const char* kTooManyPlaces = "paths name too many places";

/// Checks one text whole against RFC 8259 and finds, in the same forward pass, every place that the nodes of its root lead to. A text
/// of a shape that was met before takes the short way (ShapeMemory), to the same result.
/// Holds scratch memory only: one per engine. [task]
class Scanner {
 public:
  /// `text` has 64 readable bytes behind it and lives as long as the arena. `root` comes with its nodes and depth, and leaves with
  /// everything about its value, its children and its place in `text`. At most `places` places are made; the number is reduced
  /// by those that were. False: reason() says why; the root is then of no use.
  /// `singles`: where Tree keeps the places of nodes that have one at most.
  bool scan(std::string_view text, Place& root, Arena& arena, std::size_t& places, Place** singles);
  [[nodiscard]] const char* reason() const { return reason_; }
  /// In the latest text, in a container that is a place.
  [[nodiscard]] bool met_duplicates() const { return met_duplicates_; }
  /// Scratch for the walk over the members of one object.
  [[nodiscard]] NameCheck& names() { return names_; }

 private:
  struct Members;
  /// Texts whose root has the same nodes and depth.
  struct Kin {
    NodeSet nodes;
    std::uint8_t depth;
    ShapeMemory shapes;
  };
  static constexpr std::size_t kMaxKin = 4;

  Kin* kin_of(const Place& root);
  bool fit(ShapeMemory& shapes, std::string_view text, Place& root);
  bool scan_tokens(Place& root);

  // Each takes what the cursor stands on and tells the place about it, and returns its end, or null after refuse(). Values that no
  // place is made for are skip.h's.
  const char* value(Place& place);
  const char* container(Place& place, bool is_object);
  bool members_of(Members& members);
  bool elements_of(Members& members);
  bool child(Members& members, NodeSet nodes, const char* start, const char* name_end);
  Place* make_child(Members& members, NodeSet nodes);
  const char* string(Place& place);
  const char* scalar(Place& place);
  NameKey name_key(const char* name, const char* name_end);

  bool refuse(const char* reason);

  StructuralIndex index_;
  Escapes escapes_;
  Cursor cursor_;
  NameCheck names_;
  Arena* arena_ = nullptr;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  unsigned depth_ = 0;
  std::size_t* places_ = nullptr;
  Place** singles_ = nullptr;
  const char* reason_ = "";
  bool met_duplicates_ = false;
  std::vector<std::unique_ptr<Kin>> kin_;
  Cuts cuts_;
};

}  // namespace weir::host::json
