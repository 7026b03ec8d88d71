#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "json/path.h"

namespace weir::host::json {

/// Reads the path grammar (design section 3): name .name ["name"] [0] [*] .* ** @json, from left to right. An empty text is the root.
class PathReader {
 public:
  /// More steps than a document can be deep, with room for @json and **; places keep which of them they answer in fixed sets.
  static constexpr std::size_t kMaxSteps = 100;

  /// `relative`: begins where another path ends, so `@json` may come first.
  PathReader(std::string_view text, bool relative) : text_(text), relative_(relative) {}
  /// E_CONFIG: `path "…", byte 5: what would be right`.
  Status read(std::vector<Step>& steps);

 private:
  Status refuse_other_notations() const;
  Status read_step(Step& step, bool first);
  Status read_plain(Step& step);
  Status read_bracket(Step& step);
  Status read_quoted(Step& step);
  Status read_index(Step& step);
  Status read_embedded(Step& step);
  [[nodiscard]] bool done() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return done() ? '\0' : text_[at_]; }
  [[nodiscard]] Status expected(std::string_view what) const;

  std::string_view text_;
  bool relative_;
  std::size_t at_ = 0;
};

}  // namespace weir::host::json
