#pragma once
#include <string_view>

#include "json/place.h"

namespace weir::host {
class Arena;
}

namespace weir::host::json {

/// Text that grows in an arena, at its end; the tail it does not need goes back. Pieces that follow each other where they come from are
/// copied in one go: a text with few edits is few copies. So pieces have to stay until finish().
class Output {
 public:
  /// `expected`: bytes it starts with.
  Output(Arena& arena, std::size_t expected);
  void append(const char* begin, const char* end) {
    if (begin != run_end_) {
      copy_run();
      run_ = begin;
    }
    run_end_ = end;
  }
  /// Once, at the end.
  [[nodiscard]] std::string_view finish();

 private:
  void copy_run();
  void grow(std::size_t more);

  Arena& arena_;
  char* begin_;
  char* at_;
  char* end_;
  const char* run_ = nullptr;  // appended, but not copied yet
  const char* run_end_ = nullptr;
};

/// Which original members of a container are left.
struct Originals {
  bool any = false;
  const Place* removed_tail = nullptr;  // first of those removed at the end; null: the last one lives
  Place* last = nullptr;                // the last living one, if it is a place
  const char* end = nullptr;            // of it
};
[[nodiscard]] Originals living_originals(const Place& container);

/// Writes places with their edits: untouched bytes are copied from where they stand, also through the escapes of the strings that an
/// embedded document lies in; only what is new is escaped.
///
/// How members are cut and added (design section 3) comes down to what stands between two of them. Each member owns the gap
/// after it; the last gap before the bracket belongs to the container and always stays. Removing a member takes its own gap
/// along, removing the last one takes that of the one before. A member that gets another one behind it gets `,` as its gap.
class Writer {
 public:
  explicit Writer(Output& out) : out_(out) {}
  /// The value, as it stands in its own text.
  void value(const Place& place);
  /// The whole text around a root.
  void whole(const Place& root);

 private:
  struct Level;
  void container(const Place& place);
  void same_members(const Place& place);
  void originals(const Place& place, const Originals& living);
  void added(const Place& place, const Originals& living);
  void gap_before_added(const Place& place, const Originals& living);
  void member(const Place& place);
  void string(const Place& place);
  void put(const char* begin, const char* end) {
    if (level_ != nullptr) {
      put_in(begin, end, level_);
    } else if (begin != end) {
      out_.append(begin, end);
    }
  }
  void put(std::string_view text) { put(text.data(), text.data() + text.size()); }
  void put_in(const char* begin, const char* end, Level* level);
  void put_escaped(const char* begin, const char* end, Level* level);

  Output& out_;
  Level* level_ = nullptr;  // null: the document's own text
};

}  // namespace weir::host::json
