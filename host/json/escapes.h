#pragma once
#include <array>
#include <cstddef>
#include <string_view>

namespace weir::host::json {

/// The escapes of one text, searched for once. [task]
class Escapes {
 public:
  /// False: a backslash that begins no escape of RFC 8259 section 7. Outside strings a backslash begins no value, so all are judged as
  /// if they stood in strings. The text has 64 readable bytes behind it.
  [[nodiscard]] bool start(std::string_view text);
  /// Whether there is one in the string from `from` to `to`. Strings are asked about in the order of the text.
  [[nodiscard]] bool any(const char* from, const char* to) {
    if (to <= at_[next_]) return false;  // as of most
    while (next_ < kKept && at_[next_] < from) ++next_;
    return at_[next_] < to && (next_ < kKept || search(from, to));
  }

 private:
  static constexpr std::size_t kKept = 128;

  static bool search(const char* from, const char* to);

  std::array<const char*, kKept + 1> at_{};  // the first ones; if these are all, the text's end behind them
  std::size_t next_ = 0;                     // the first that is not before what was asked about last
};

}  // namespace weir::host::json
