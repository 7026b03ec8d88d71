#include "crypto/fingerprint.h"

#include <sodium.h>

namespace weir::host::crypto {

std::array<char, 16> digest(std::string_view text) {
  std::array<char, 16> digest{};
  crypto_generichash_blake2b(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                             reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return digest;
}

std::string fingerprint(std::string_view text) {
  const std::array<char, 16> bytes = digest(text);
  return hex({bytes.data(), bytes.size()});
}

std::string hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += {kDigits[value >> 4], kDigits[value & 15]};
  }
  return text;
}

}  // namespace weir::host::crypto
