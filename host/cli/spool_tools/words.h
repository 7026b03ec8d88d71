#pragma once
#include <cstdint>
#include <string>

namespace weir::host::cli {

/// The two largest units: "3d 4h", "12s"; below a second "0s".
[[nodiscard]] std::string age_text(std::int64_t ms);
/// "512 B", "1.5 MiB".
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
/// Digits in groups of three: "12,345".
[[nodiscard]] std::string count_text(std::uint64_t count);

}  // namespace weir::host::cli
