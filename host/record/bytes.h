#pragma once
#include <weir/abi.h>

#include <string_view>

namespace weir::host {

/// Bytes of a slot: `ptr == nullptr` is null (a tombstone, no key), which is not the same as empty.
using Bytes = weir_str;

[[nodiscard]] inline Bytes bytes_of(std::string_view text) {
  return {text.data() == nullptr ? "" : text.data(), text.size()};
}
[[nodiscard]] inline std::string_view view(Bytes bytes) {
  return bytes.ptr == nullptr ? std::string_view() : std::string_view(bytes.ptr, bytes.len);
}
[[nodiscard]] inline bool is_null(Bytes bytes) { return bytes.ptr == nullptr; }
inline constexpr Bytes kNullBytes{nullptr, 0};

}  // namespace weir::host
