#pragma once
#include <cstddef>
#include <string_view>

#include "json/index.h"
#include "json/name_check.h"
#include "json/place.h"

namespace weir::host {
class Arena;
}

namespace weir::host::json {

inline constexpr const char* kTooManyPlaces = "paths name too many places";
inline constexpr unsigned kMaxDepth = 64;  // containers within containers

/// Checks one text whole against RFC 8259 and finds, in the same forward pass, every place that the nodes of its root lead to.
/// Holds scratch memory only: one per engine. [task]
class Scanner {
 public:
  /// `text` has 64 readable bytes behind it and lives as long as the arena. `root` comes with its nodes and depth, and leaves with
  /// everything about its value, its children and its place in `text`. At most `places` places are made; the number is reduced
  /// by those that were. False: reason() says why; the root is then of no use.
  bool scan(std::string_view text, Place& root, Arena& arena, std::size_t& places);
  [[nodiscard]] const char* reason() const { return reason_; }
  /// Scratch for the walk over the members of one object.
  [[nodiscard]] NameCheck& names() { return names_; }

 private:
  struct Members;

  // Each takes what stands at the index's current position, fills the place (null: nobody asks for it) and returns the value's
  // end, or null after fail().
  const char* value(Place* place);
  const char* container(Place* place, bool is_object);
  const char* object_members(Members& members);
  const char* array_elements(Members& members);
  const char* string(Place* place);
  const char* scalar(Place* place);
  const char* string_token(bool& escaped);
  const char* close(Members& members);
  bool member_value(Members& members, Place* child, const char* member, const char* key_end);
  bool next_member(const Members& members, bool& more);
  Place* make_child(Members& members, NodeSet nodes);
  std::string_view name_text(const char* key, const char* key_end, bool escaped);

  [[nodiscard]] const char* here() const { return begin_ + index_.current(); }
  [[nodiscard]] char peek() const { return here() == end_ ? '\0' : *here(); }
  const char* take();
  const char* fail(const char* reason);
  bool refuse(const char* reason);

  StructuralIndex index_;
  NameCheck names_;
  Arena* arena_ = nullptr;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  bool backslashes_ = false;  // the text has some
  unsigned depth_ = 0;
  std::size_t* places_ = nullptr;
  const char* reason_ = "";
};

}  // namespace weir::host::json
