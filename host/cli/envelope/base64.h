#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace weir::host::cli {

/// RFC 4648, section 4: with padding, no line ends.
[[nodiscard]] std::string base64(std::string_view bytes);
/// Nothing: `text` is no such base64.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace weir::host::cli
