#pragma once
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::plugins {

/// SHA-256 (FIPS 180-4) of a text that may follow whole blocks hashed before. OpenSSL compresses the blocks; the message's end is laid
/// out here, for with the two blocks of a short HMAC OpenSSL's bookkeeping around them is a third of the cost. Allocates nothing, can be
/// copied.
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
  [[nodiscard]] Digest digest() const;
  /// The digest in hex.
  void append_hex(std::string& out) const;

 private:
  void compress(const unsigned char* block);

  std::array<std::uint32_t, kDigest / sizeof(std::uint32_t)> words_;  // the state of section 6.2: in the end the digest
  std::uint64_t size_ = 0;                                            // bytes hashed
};

}  // namespace weir::plugins
