#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "crypto/secret_bytes.h"

/// Boxes of XChaCha20-Poly1305 (IETF; draft-irtf-cfrg-xchacha-03): whoever lacks the key neither reads one nor changes one unseen.
/// All functions: [any].
namespace weir::host::crypto {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 24;
/// By how much a box is longer than what is in it.
constexpr std::size_t kBoxOverhead = 16;

using DataKey = SecretBytes<kKeyBytes>;

/// Writes the box of `plain` to `out`, of plain.size() + kBoxOverhead bytes; it may begin where `plain` does. `nonce`, of kNonceBytes
/// bytes, must never come twice under one key: random, or a random prefix with a counter behind it. `associated` is not in the box,
/// but opens it only when it is the same.
void seal(const DataKey& key, std::string_view nonce, std::string_view associated, std::string_view plain,
          std::span<char> out);

/// Writes what is in `box` to `out`, of box.size() - kBoxOverhead bytes; it may begin where `box` does. False: key, nonce, associated
/// or box are not what was sealed; then `out` holds nothing of use.
[[nodiscard]] bool open(const DataKey& key, std::string_view nonce, std::string_view associated, std::string_view box,
                        std::span<char> out);

}  // namespace weir::host::crypto
