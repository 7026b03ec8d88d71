#include "crypto/box.h"

#include <sodium.h>

#include <cassert>

namespace weir::host::crypto {
namespace {

static_assert(kKeyBytes == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
static_assert(kNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
static_assert(kBoxOverhead == crypto_aead_xchacha20poly1305_ietf_ABYTES);

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* raw(std::span<char> bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace

void seal(const DataKey& key, std::string_view nonce, std::string_view associated, std::string_view plain,
          std::span<char> out) {
  assert(nonce.size() == kNonceBytes && out.size() == plain.size() + kBoxOverhead);
  crypto_aead_xchacha20poly1305_ietf_encrypt(raw(out), nullptr, raw(plain), plain.size(), raw(associated),
                                             associated.size(), nullptr, raw(nonce), raw(key.view()));
}

bool open(const DataKey& key, std::string_view nonce, std::string_view associated, std::string_view box,
          std::span<char> out) {
  if (nonce.size() != kNonceBytes || box.size() < kBoxOverhead || out.size() != box.size() - kBoxOverhead) return false;
  return crypto_aead_xchacha20poly1305_ietf_decrypt(raw(out), nullptr, nullptr, raw(box), box.size(), raw(associated),
                                                    associated.size(), raw(nonce), raw(key.view())) == 0;
}

}  // namespace weir::host::crypto
