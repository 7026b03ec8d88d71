#include "digest.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

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
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

Bytes lower(Bytes text) {
  const Bytes letters = text - 'A';
  return text | (std::bit_cast<Bytes>(letters < 26) & 0x20);
}

void lower_trim(std::string_view text, std::string& out) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  out.resize(text.size());
  if (text.size() < sizeof(Bytes)) {
    std::transform(text.begin(), text.end(), out.begin(), [](char c) { return lower(c); });
    return;
  }
  const auto lower_at = [&](std::size_t at) {
    const Bytes lowered = lower(load_vector(text.data() + at));
    std::memcpy(out.data() + at, &lowered, sizeof(lowered));
  };
  const std::size_t last = text.size() - sizeof(Bytes);  // some of its letters may be lowered twice
  for (std::size_t at = 0; at < last; at += sizeof(Bytes)) lower_at(at);
  lower_at(last);
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
  if (normalize_ == Normalize::lower_trim) {
    lower_trim(text, normalized_);
    text = normalized_;
  }
  Sha256 hash = keyed_->inner;
  hash.finish(text);
  const Sha256::Digest inner = hash.digest();
  hash = keyed_->outer;
  hash.finish({reinterpret_cast<const char*>(inner.data()), inner.size()});
  hash.append_hex(out);
  return {};
}

}  // namespace weir::plugins
