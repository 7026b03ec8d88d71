#pragma once
#include <string_view>

namespace weir::host::spec {

/// Keys that a later release will know, of pipelines and of components (design section 7): no release before may give them another
/// meaning.
[[nodiscard]] constexpr bool is_reserved(std::string_view key) {
  return key == "delivery" || key == "key_converter" || key == "value_converter";
}

}  // namespace weir::host::spec
