#pragma once
#include "text_action.h"

namespace weir::plugins {

/// Writes one character in place of each Unicode code point but the last `keep`. A text not longer than `keep` is masked whole, so
/// that a short one does not stay readable.
class Mask final : public TextAction {
 public:
  /// `fill`: one code point.
  Mask(std::size_t keep, std::string fill) : keep_(keep), fill_(std::move(fill)) {}
  Refusal apply(std::string_view text, std::string& out) override;

 private:
  std::size_t keep_;
  std::string fill_;
};

/// Of well-formed UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text);

}  // namespace weir::plugins
