#pragma once
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/box.h"
#include "errors/status.h"

namespace weir::host::crypto {

/// Names the key that a secret gives, and tells nothing about it.
using KeyId = std::array<char, 8>;
/// As people see it: 16 hexadecimal digits.
[[nodiscard]] std::string to_text(const KeyId& id);

constexpr std::size_t kWrappedBytes = sizeof(KeyId) + kNonceBytes + kKeyBytes + kBoxOverhead;  // 80
/// A data key in a box that a secret opens: the id of the secret's key, nonce, box (whose associated data is the id). It may be
/// stored beside what the data key seals.
using WrappedKey = std::array<char, kWrappedBytes>;

/// The keys that the secrets of a setting give: the first wraps, all unwrap, so secrets change without touching what is stored.
/// Whoever has no more data under an old secret drops its line. The secrets themselves are not kept. [any]
class KeyRing {
 public:
  /// `secrets`: one a line, newest first, blanks around it cut; empty lines do not count. `purpose`: at most 16 bytes; the same
  /// secret gives other keys for another one. E_CONFIG: there is no secret, or one is shorter than 16 bytes.
  [[nodiscard]] static Result<KeyRing> from(std::string_view secrets, std::string_view purpose);

  /// Of the newest secret.
  [[nodiscard]] const KeyId& newest() const { return keys_.front().id; }

 private:
  struct Key {
    KeyId id{};
    DataKey bytes;
  };

  KeyRing() = default;
  Status add(std::string_view secret, std::string_view purpose);

  std::vector<Key> keys_;

  friend std::pair<DataKey, WrappedKey> new_data_key(const KeyRing& ring);
  friend Result<DataKey> unwrap(const KeyRing& ring, const WrappedKey& wrapped);
};

/// A random key, and the same wrapped by the newest secret.
[[nodiscard]] std::pair<DataKey, WrappedKey> new_data_key(const KeyRing& ring);

/// E_CONFIG: none of the secrets wrapped it, the message names the id of the key that did. E_DATA: it is damaged.
[[nodiscard]] Result<DataKey> unwrap(const KeyRing& ring, const WrappedKey& wrapped);

}  // namespace weir::host::crypto
