#include "mask.h"

#include <algorithm>

namespace weir::plugins {
namespace {

bool starts_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

/// Where the last `count` code points begin.
std::size_t tail_start(std::string_view text, std::size_t count) {
  std::size_t at = text.size();
  while (count > 0 && at > 0) {
    if (starts_code_point(text[--at])) --count;
  }
  return at;
}

}  // namespace

std::size_t count_code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_code_point));
}

Refusal Mask::apply(std::string_view text, std::string& out) {
  const std::size_t points = count_code_points(text);
  const std::size_t kept = points > keep_ ? keep_ : 0;
  for (std::size_t i = kept; i < points; ++i) out += fill_;
  out += text.substr(tail_start(text, kept));
  return {};
}

}  // namespace weir::plugins
