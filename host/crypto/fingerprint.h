#pragma once
#include <string>
#include <string_view>

namespace weir::host::crypto {

/// BLAKE2b-128, in 32 hexadecimal digits: equal texts have the same, others never in practice. Needs no key. [any]
[[nodiscard]] std::string fingerprint(std::string_view text);
/// Bytes as hexadecimal digits.
[[nodiscard]] std::string hex(std::string_view bytes);

}  // namespace weir::host::crypto
