#pragma once
#include <array>
#include <string>
#include <string_view>

namespace weir::host::crypto {

/// BLAKE2b-128: equal texts have the same, others never in practice. Needs no key. [any]
[[nodiscard]] std::array<char, 16> digest(std::string_view text);
/// The same in 32 hexadecimal digits. [any]
[[nodiscard]] std::string fingerprint(std::string_view text);
/// Bytes as hexadecimal digits.
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace weir::host::crypto
