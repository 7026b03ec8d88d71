#include "digest.h"

#include <openssl/crypto.h>

#include <algorithm>

#include "sha256.h"
#include "sixteen_bytes.h"

namespace weir::plugins {
namespace {

/// The state after one block of the key, each byte mixed with `pad`.
Sha256 started(const Sha256::Block& key, unsigned char pad) {
  Sha256::Block block;
  for (std::size_t i = 0; i < key.size(); ++i) block[i] = key[i] ^ pad;
  Sha256 state;
  state.add(block);
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// ASCII only: other letters differ from one language to the next.
Bytes lower(Bytes text) {
  const Bytes letters = text - 'A';
  return text | (std::bit_cast<Bytes>(letters < 26) & 0x20);
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

struct Pseudonym::Keyed {
  Sha256 inner;
  Sha256 outer;
};

Refusal Hash::apply(std::string_view text, std::string& out) {
  Sha256 hash;
  hash.finish(text);
  hash.append_hex(out);
  return {};
}

Pseudonym::Pseudonym(std::string_view secret, Normalize normalize) : normalize_(normalize) {
  Sha256::Block key{};
  if (secret.size() > key.size()) {
    Sha256 shortened;
    shortened.finish(secret);
    Sha256::Digest digest = shortened.digest();
    std::copy(digest.begin(), digest.end(), key.begin());
    OPENSSL_cleanse(digest.data(), digest.size());
    OPENSSL_cleanse(&shortened, sizeof(shortened));
  } else {
    std::copy(secret.begin(), secret.end(), key.begin());
  }
  keyed_ = std::make_unique<Keyed>(Keyed{started(key, 0x36), started(key, 0x5C)});
  OPENSSL_cleanse(key.data(), key.size());
}

Pseudonym::~Pseudonym() { OPENSSL_cleanse(keyed_.get(), sizeof(Keyed)); }

Refusal Pseudonym::apply(std::string_view text, std::string& out) {
  Sha256 hash = keyed_->inner;
  if (normalize_ == Normalize::lower_trim) {
    hash.finish(trim(text), lower);
  } else {
    hash.finish(text);
  }
  const Sha256::Digest inner = hash.digest();
  hash = keyed_->outer;
  hash.finish({reinterpret_cast<const char*>(inner.data()), inner.size()});
  hash.append_hex(out);
  return {};
}

}  // namespace weir::plugins
