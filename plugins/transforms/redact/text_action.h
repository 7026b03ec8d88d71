#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <weir/error.hpp>

namespace weir::plugins {

/// What stands in place of a text: the idea that mask, truncate_ip, hash and pseudonymize share. Allocates nothing but `out`. One thread.
class TextAction {
 public:
  virtual ~TextAction() = default;
  /// Appends to `out` (UTF-8). A reason: the text cannot be protected this way, and nothing may go on with it.
  virtual std::optional<Reason> apply(std::string_view text, std::string& out) = 0;
  /// What it appends is ASCII without quotes, backslashes and controls, whatever the text: a JSON string holds it as it is.
  [[nodiscard]] virtual bool writes_plain() const { return false; }
};

}  // namespace weir::plugins
