#pragma once
#define OPENSSL_SUPPRESS_DEPRECATED  // the high-level context allocates for every message
#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>

namespace weir::bench {

/// HMAC-SHA-256 (RFC 2104) under a key of at most 64 bytes that was hashed once, written in hexadecimal.
class Pseudonyms {
 public:
  static constexpr std::size_t kDigits = std::size_t{2} * SHA256_DIGEST_LENGTH;

  explicit Pseudonyms(std::string_view key) {
    std::array<unsigned char, 64> block{};
    std::memcpy(block.data(), key.data(), key.size());
    start(inner_, block, 0x36);
    start(outer_, block, 0x5c);
  }

  /// Writes kDigits characters to `out`.
  void write(char* out, std::string_view text) const {
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256_CTX hash = inner_;
    SHA256_Update(&hash, text.data(), text.size());
    SHA256_Final(digest.data(), &hash);
    hash = outer_;
    SHA256_Update(&hash, digest.data(), digest.size());
    SHA256_Final(digest.data(), &hash);
    for (const unsigned char byte : digest) {
      *out++ = "0123456789abcdef"[byte >> 4];
      *out++ = "0123456789abcdef"[byte & 15];
    }
  }

 private:
  static void start(SHA256_CTX& hash, std::array<unsigned char, 64> block, unsigned char pad) {
    for (unsigned char& byte : block) byte ^= pad;
    SHA256_Init(&hash);
    SHA256_Update(&hash, block.data(), block.size());
  }

  SHA256_CTX inner_{};
  SHA256_CTX outer_{};
};

}  // namespace weir::bench
