#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "cli/envelope/letter_record.h"
#include "crypto/key_ring.h"
#include "pipeline/letter_seal.h"

/// Encrypted dead letters (docs/dead-letters.md): one JSON text that holds the record of a dead letter in a box, and the key of the box
/// wrapped by the secret:
///
///   {"weir_encrypted":{"v":1,"key_id":HEX,"key":BASE64,"nonce":BASE64,"box":BASE64}}
namespace weir::host::cli {

/// Of the secrets of `dead_letter:`. Errors as KeyRing::from.
[[nodiscard]] Result<crypto::KeyRing> letter_keys(std::string_view secrets);

/// With a data key of its own.
[[nodiscard]] std::unique_ptr<LetterSeal> make_letter_seal(const crypto::KeyRing& keys);

/// What a seal closed. E_CONFIG: none of the secrets opens it. E_DATA: it is no sealed letter, or a damaged one. Messages hold no
/// payload.
[[nodiscard]] Result<LetterRecord> open_letter(const crypto::KeyRing& keys, std::string_view sealed);

}  // namespace weir::host::cli
