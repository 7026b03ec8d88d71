#pragma once
#include <string>

namespace weir::host::cli {

/// "0.1.0".
[[nodiscard]] std::string version();

/// "weir 0.1.0 (plugin ABI 0.0)".
[[nodiscard]] std::string version_text();

}  // namespace weir::host::cli
