#pragma once
#include <string>
#include <string_view>
#include <weir/error.hpp>

namespace weir::plugins {

/// Why a text cannot be protected; false: it can. As large as a Reason, so that it is handed back in a register.
class [[nodiscard]] Refusal {
 public:
  constexpr Refusal() = default;
  constexpr Refusal(Reason reason) : reason_(reason) {}  // NOLINT: meant to convert
  constexpr explicit operator bool() const { return *reason_.c_str() != '\0'; }
  [[nodiscard]] constexpr Reason reason() const { return reason_; }

 private:
  Reason reason_ = "";
};

/// What stands in place of a text: the idea that mask, truncate_ip, hash and pseudonymize share. Allocates nothing but `out`. One thread.
class TextAction {
 public:
  virtual ~TextAction() = default;
  /// Appends to `out` (UTF-8). A refusal: the text cannot be protected this way, and nothing may go on with it.
  virtual Refusal apply(std::string_view text, std::string& out) = 0;
  /// What it appends is ASCII without quotes, backslashes and controls, whatever the text: a JSON string holds it as it is.
  [[nodiscard]] virtual bool writes_plain() const { return false; }
};

}  // namespace weir::plugins
