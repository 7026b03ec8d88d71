#include "identity_hasher.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace weir::plugins {

std::string_view trimmed(std::string_view text) {
  constexpr const char* kBlanks = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

IdentityHasher::IdentityHasher(std::vector<std::string> kinds) : kinds_(std::move(kinds)), keys_(kinds_.size()) {
  static_assert(sizeof(Key) == crypto_shorthash_siphashx24_KEYBYTES);
  static_assert(sizeof(IdentityHash) == crypto_shorthash_siphashx24_BYTES);
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be used");
  for (Key& key : keys_) randombytes_buf(key.data(), key.size());
}

std::optional<std::size_t> IdentityHasher::kind(std::string_view name) const {
  const auto found = std::find(kinds_.begin(), kinds_.end(), name);
  if (found == kinds_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kinds_.begin());
}

IdentityHash IdentityHasher::hash(std::size_t kind, std::string_view text) const {
  std::array<unsigned char, sizeof(IdentityHash)> bytes{};
  crypto_shorthash_siphashx24(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              keys_[kind].data());
  IdentityHash hash;
  std::memcpy(&hash, bytes.data(), sizeof hash);
  return hash;
}

}  // namespace weir::plugins
