#pragma once
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::plugins {

/// Writes text into memory that was made large enough: no checks, no allocation. Texts are JSON already, not escaped here.
class TextWriter {
 public:
  explicit TextWriter(char* start) : start_(start), next_(start) {}

  TextWriter& text(std::string_view text) {
    std::memcpy(next_, text.data(), text.size());
    next_ += text.size();
    return *this;
  }
  TextWriter& number(std::uint64_t value) {
    next_ = std::to_chars(next_, next_ + 20, value).ptr;
    return *this;
  }
  TextWriter& number(std::int64_t value) {
    next_ = std::to_chars(next_, next_ + 20, value).ptr;
    return *this;
  }
  /// The last `digits` decimal digits, zeros in front.
  TextWriter& digits(std::uint64_t value, int digits) {
    for (int i = digits - 1; i >= 0; --i, value /= 10) next_[i] = static_cast<char>('0' + value % 10);
    next_ += digits;
    return *this;
  }
  /// The last `digits` hexadecimal digits, zeros in front.
  TextWriter& hex(std::uint64_t value, int digits) {
    for (int i = digits - 1; i >= 0; --i, value >>= 4) next_[i] = "0123456789abcdef"[value & 15];
    next_ += digits;
    return *this;
  }
  TextWriter& flag(bool value) { return text(value ? "true" : "false"); }

  [[nodiscard]] std::string_view written() const { return {start_, static_cast<std::size_t>(next_ - start_)}; }

 private:
  char* start_;
  char* next_;
};

}  // namespace weir::plugins
