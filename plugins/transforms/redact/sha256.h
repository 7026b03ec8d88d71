#pragma once
#include <openssl/sha.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "sixteen_bytes.h"

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
  void finish(std::string_view rest) {
    finish(rest, [](Bytes bytes) { return bytes; });
  }
  /// The same of what `map`, from Bytes to Bytes, makes of the rest, lane by lane; of zero zero.
  template <typename Map>
  void finish(std::string_view rest, const Map& map);
  [[nodiscard]] Digest digest() const;
  /// The digest in hex.
  void append_hex(std::string& out) const;

 private:
  using Pieces = std::array<Bytes, kBlock / sizeof(Bytes)>;  // a block in the pieces in which OpenSSL reads it

  void compress(const void* block);
  /// `end`: the last bytes of the message, less than a block, with zeros behind them.
  void finish_block(Pieces& end, std::size_t size);

  std::array<std::uint32_t, kDigest / sizeof(std::uint32_t)> words_;  // the state of section 6.2: in the end the digest
  std::uint64_t size_ = 0;                                            // bytes hashed
};

template <typename Map>
void Sha256::finish(std::string_view rest, const Map& map) {
  constexpr std::size_t kPiece = sizeof(Bytes);
  Pieces block;
  for (; rest.size() >= kBlock; rest.remove_prefix(kBlock)) {
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = map(load_vector(rest.data() + kPiece * i));
    compress(block.data());
    size_ += kBlock;
  }
  block = {};
  const std::size_t whole = rest.size() / kPiece;
  for (std::size_t i = 0; i < whole; ++i) block[i] = map(load_vector(rest.data() + kPiece * i));
  block[whole] = map(zero_padded(rest.substr(kPiece * whole), kPiece * whole));
  finish_block(block, rest.size());
}

}  // namespace weir::plugins
