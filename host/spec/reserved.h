#pragma once
#include <string_view>

namespace weir::host::spec {

/// Keys that a later release will know, of pipelines and of components (design section 7): no release before may give them another
/// meaning.
[[nodiscard]] constexpr bool is_reserved(std::string_view key) {
  return key == "delivery" || key == "key_converter" || key == "value_converter";
}

/// Values of the host's own keys that a later release will know.
[[nodiscard]] constexpr bool is_reserved(std::string_view key, std::string_view value) {
  return key == "payload" && value == "encrypted";
}

}  // namespace weir::host::spec
