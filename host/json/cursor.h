#pragma once
#include "json/index.h"

namespace weir::host::json {

/// Reads an index from front to back. A small value: loops work on a copy, so that its position stays in registers. [task]
class Cursor {
 public:
  Cursor() = default;
  Cursor(StructuralIndex& index, const char* text) : Cursor(index, text, index.first()) {}
  /// Over the rest of a stretch.
  Cursor(StructuralIndex& index, const char* text, StructuralIndex::Stretch rest)
      : index_(&index), text_(text), at_(rest.at), stop_(rest.stop) {}

  /// To where another one over the same index stands: two words, which a copy of the whole would wait for.
  void follow(const Cursor& other) {
    at_ = other.at_;
    stop_ = other.stop_;
  }
  /// The byte it stands on; '\0', which no grammar knows, at the end.
  [[nodiscard]] char peek() { return at_end() ? '\0' : text_[*at_]; }
  /// Where it stands; the text's end at the end.
  [[nodiscard]] const char* here() {
    static_cast<void>(at_end());
    return text_ + *at_;
  }
  [[nodiscard]] bool at_end() {
    if (at_ == stop_) [[unlikely]]
      enter(index_->next());
    return at_ == stop_;
  }
  /// To the next one; not at the end.
  void advance() { ++at_; }
  /// What is left of the stretch.
  [[nodiscard]] const std::uint32_t* position() const { return at_; }

 private:
  void enter(StructuralIndex::Stretch stretch) {
    at_ = stretch.at;
    stop_ = stretch.stop;
  }

  StructuralIndex* index_ = nullptr;
  const char* text_ = nullptr;
  const std::uint32_t* at_ = nullptr;
  const std::uint32_t* stop_ = nullptr;
};

}  // namespace weir::host::json
