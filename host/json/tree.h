#pragma once
#include <weir/abi.h>

#include <string>

#include "json/place.h"
#include "json/scan.h"

namespace weir::host::json {

/// Memory that the documents of one engine share, one after the other.
struct Scratch {
  Scanner scanner;
  std::string text;  // an unescaped string that only a comparison looks at

  /// After an unusually large record: gives back what it took.
  void trim();
};

/// A callback that runs: relative paths of `path` begin at `place`.
struct Frame {
  const PlanPath* path;
  Place* place;
  const Frame* outer;
};

/// The places and edits of one document. Lies in an arena; its parts are worked on by locate, walk, edit and writer.
struct Tree {
  Scratch* scratch = nullptr;
  Arena* arena = nullptr;
  Place* root = nullptr;
  Place** singles = nullptr;  // by Node::single: the place it was met at last; null: none
  std::size_t single_count = 0;
  bool doubtful = false;   // some of them lie under names that occur twice, or were overtaken by an edit further up
  std::size_t places = 0;  // how many more it may have
  const Frame* frames = nullptr;  // the innermost callback
  std::uint64_t version = 1;      // counts edits
  std::uint64_t rebuilds = 0;     // counts values whose places were made anew though their text stayed
  bool stale = false;             // some array is
  const char* reason = "";

  // The latest text written for a place with edits below it.
  const Place* written = nullptr;
  std::uint64_t written_version = 0;
  std::string_view written_text;

  weir_status data_error(const char* why) {
    reason = why;
    return WEIR_E_DATA;
  }
};

inline constexpr const char* kRootNoObject = "the root is no object";
inline constexpr const char* kDuplicateName = "a name occurs twice in an object";
inline constexpr const char* kLoneSurrogate = "a lone surrogate in text";
inline constexpr const char* kRebuilt = "places were made anew while they were walked";
inline constexpr const char* kNumberRange = "a number beyond the range of doubles";

/// The place's value as JSON text, edits included. Lives as long as the arena.
[[nodiscard]] std::string_view current_text(Tree& tree, const Place& place);
/// The whole text of the document, likewise; a new one lies in `arena`.
[[nodiscard]] std::string_view current_document(Tree& tree, Arena& arena);

/// E_DATA: the value cannot be used (lone surrogate, number out of range).
weir_status value_of(Tree& tree, const Place& place, weir_value& out);
/// The same of a JSON text of the document.
weir_status value_of_text(Tree& tree, std::string_view json, weir_value& out);
/// `literal`: with its quotes. E_DATA: lone surrogate.
weir_status string_of(Tree& tree, std::string_view literal, weir_str& out);
/// The place's name for a callback; ptr null: it has none.
weir_status name_of(Tree& tree, const Place& place, weir_str& out);
/// A scalar as compact JSON in the arena. E_USAGE: no scalar, or not finite. E_DATA: not UTF-8.
weir_status write_scalar(Tree& tree, const weir_value& value, std::string_view& json);

}  // namespace weir::host::json
