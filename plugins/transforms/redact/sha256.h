#pragma once
#include <openssl/sha.h>

#include <array>
#include <string>
#include <string_view>

namespace weir::plugins {

/// SHA-256 (FIPS 180-4) of a text that may follow whole blocks hashed before. Allocates nothing, can be copied.
class Sha256 {
 public:
  static constexpr std::size_t kBlock = SHA256_CBLOCK;          // bytes
  static constexpr std::size_t kDigest = SHA256_DIGEST_LENGTH;  // bytes
  using Block = std::array<unsigned char, kBlock>;
  using Digest = std::array<unsigned char, kDigest>;

  Sha256();
  /// Hashes a block.
  void add(const Block& block);
  /// Hashes the rest of the message. Once, at the end: then the digest is there.
  void finish(std::string_view rest);
  [[nodiscard]] const Digest& digest() const { return digest_; }
  /// The digest in hex.
  void append_hex(std::string& out) const;

 private:
  SHA256_CTX state_;
  Digest digest_;
};

}  // namespace weir::plugins
