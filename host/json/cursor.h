#pragma once
#include "json/index.h"

namespace weir::host::json {

/// Reads an index from front to back. A small value: loops work on a copy, so that its position stays in registers. [task]
class Cursor {
 public:
  Cursor() = default;
  Cursor(StructuralIndex& index, const char* text) : index_(&index), text_(text), stretch_(index.first()) {}

  /// The byte it stands on; '\0', which no grammar knows, at the end.
  [[nodiscard]] char peek() { return at_end() ? '\0' : text_[*stretch_.at]; }
  /// Where it stands; the text's end at the end.
  [[nodiscard]] const char* here() {
    static_cast<void>(at_end());
    return text_ + *stretch_.at;
  }
  [[nodiscard]] bool at_end() {
    if (stretch_.at == stretch_.stop) [[unlikely]]
      stretch_ = index_->next();
    return stretch_.at == stretch_.stop;
  }
  /// To the next one; not at the end.
  void advance() { ++stretch_.at; }

 private:
  StructuralIndex* index_ = nullptr;
  const char* text_ = nullptr;
  StructuralIndex::Stretch stretch_{};
};

}  // namespace weir::host::json
