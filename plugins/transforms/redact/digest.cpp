// SHA256_CTX is deprecated for what it is not: able to choose a provider. It is what can be copied without allocating, and it uses
// the processor's SHA instructions (design section 9).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "digest.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>
#include <cstring>

namespace weir::plugins {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;
using Block = std::array<unsigned char, SHA256_CBLOCK>;

/// The two digits of each byte.
constexpr auto kHex = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) pairs[byte] = {kDigits[byte >> 4], kDigits[byte & 15]};
  return pairs;
}();

void append_hex(std::string& out, const Digest& digest) {
  std::array<char, 2 * SHA256_DIGEST_LENGTH> text;
  for (std::size_t i = 0; i < digest.size(); ++i) std::memcpy(text.data() + 2 * i, kHex[digest[i]].data(), 2);
  out.append(text.data(), text.size());
}

Digest sha256(std::string_view text) {
  Digest digest;
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

/// The state after one block of the key, each byte mixed with `pad`.
SHA256_CTX started(const Block& key, unsigned char pad) {
  Block block;
  for (std::size_t i = 0; i < key.size(); ++i) block[i] = key[i] ^ pad;
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// ASCII only: other letters differ from one language to the next.
void lower_trim(std::string_view text, std::string& out) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  out.assign(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

}  // namespace

struct Pseudonym::Keyed {
  SHA256_CTX inner;
  SHA256_CTX outer;
};

std::optional<Reason> Hash::apply(std::string_view text, std::string& out) {
  append_hex(out, sha256(text));
  return std::nullopt;
}

Pseudonym::Pseudonym(std::string_view secret, Normalize normalize) : normalize_(normalize) {
  Block key{};
  if (secret.size() > key.size()) {
    const Digest shortened = sha256(secret);
    std::copy(shortened.begin(), shortened.end(), key.begin());
  } else {
    std::copy(secret.begin(), secret.end(), key.begin());
  }
  keyed_ = std::make_unique<Keyed>(Keyed{started(key, 0x36), started(key, 0x5C)});
  OPENSSL_cleanse(key.data(), key.size());
}

Pseudonym::~Pseudonym() { OPENSSL_cleanse(keyed_.get(), sizeof(Keyed)); }

std::optional<Reason> Pseudonym::apply(std::string_view text, std::string& out) {
  if (normalize_ == Normalize::lower_trim) {
    lower_trim(text, normalized_);
    text = normalized_;
  }
  Digest digest;
  SHA256_CTX inner = keyed_->inner;
  SHA256_Update(&inner, text.data(), text.size());
  SHA256_Final(digest.data(), &inner);
  SHA256_CTX outer = keyed_->outer;
  SHA256_Update(&outer, digest.data(), digest.size());
  SHA256_Final(digest.data(), &outer);
  append_hex(out, digest);
  return std::nullopt;
}

}  // namespace weir::plugins
