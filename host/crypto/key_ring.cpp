#include "crypto/key_ring.h"

#include <sodium.h>

#include <algorithm>
#include <cassert>

#include "crypto/fingerprint.h"

namespace weir::host::crypto {
namespace {

constexpr std::size_t kShortestSecret = 16;
constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kIdPurpose = "weir key id";

using Personal = std::array<unsigned char, crypto_generichash_blake2b_PERSONALBYTES>;

/// BLAKE2b-256 of `text`, personalised by `purpose` with zeros behind it (RFC 7693; the parameter block of the BLAKE2 paper, 2.8).
void derive(std::string_view text, std::string_view purpose, std::span<char, kKeyBytes> out) {
  assert(purpose.size() <= Personal().size());
  Personal personal{};
  std::copy(purpose.begin(), purpose.end(), personal.begin());
  crypto_generichash_blake2b_salt_personal(reinterpret_cast<unsigned char*>(out.data()), out.size(),
                                           reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0,
                                           nullptr, personal.data());
}

std::string_view without_blanks(std::string_view line) {
  const std::size_t first = line.find_first_not_of(kBlanks);
  return first == std::string_view::npos ? std::string_view()
                                         : line.substr(first, line.find_last_not_of(kBlanks) + 1 - first);
}

/// The parts of a wrapped key.
constexpr std::size_t kNonceAt = sizeof(KeyId);
constexpr std::size_t kBoxAt = kNonceAt + kNonceBytes;

template <typename Bytes>
auto part(Bytes& wrapped, std::size_t at, std::size_t size) {
  return std::span(wrapped).subspan(at, size);
}
std::string_view text(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

std::string to_text(const KeyId& id) { return hex(text(id)); }

Result<KeyRing> KeyRing::from(std::string_view secrets, std::string_view purpose) {
  if (sodium_init() < 0) return Status::fatal("libsodium cannot be used");
  KeyRing ring;
  while (!secrets.empty()) {
    const std::size_t end = std::min(secrets.find('\n'), secrets.size());
    const std::string_view secret = without_blanks(secrets.substr(0, end));
    secrets.remove_prefix(std::min(end + 1, secrets.size()));
    if (secret.empty()) continue;
    if (Status status = ring.add(secret, purpose); !status.ok()) return status;
  }
  if (ring.keys_.empty()) return Status::config("a secret is missing: one a line, the newest first");
  return ring;
}

Status KeyRing::add(std::string_view secret, std::string_view purpose) {
  if (secret.size() < kShortestSecret) {
    return Status::config("secret " + std::to_string(keys_.size() + 1) + " has " + std::to_string(secret.size()) +
                          " bytes; each line is one and has at least " + std::to_string(kShortestSecret));
  }
  Key& key = keys_.emplace_back();
  derive(secret, purpose, key.bytes.bytes());
  DataKey digest;
  derive(key.bytes.view(), kIdPurpose, digest.bytes());
  std::copy_n(digest.view().begin(), key.id.size(), key.id.begin());
  return {};
}

std::pair<DataKey, WrappedKey> new_data_key(const KeyRing& ring) {
  const KeyRing::Key& wrapper = ring.keys_.front();
  DataKey key;
  fill_with_random(key.bytes());
  WrappedKey wrapped{};
  std::copy(wrapper.id.begin(), wrapper.id.end(), wrapped.begin());
  fill_with_random(part(wrapped, kNonceAt, kNonceBytes));
  seal(wrapper.bytes, text(part(wrapped, kNonceAt, kNonceBytes)), text(wrapper.id), key.view(),
       part(wrapped, kBoxAt, kKeyBytes + kBoxOverhead));
  return {std::move(key), wrapped};
}

Result<DataKey> unwrap(const KeyRing& ring, const WrappedKey& wrapped) {
  KeyId id{};
  std::copy_n(wrapped.begin(), id.size(), id.begin());
  const auto named = std::find_if(ring.keys_.begin(), ring.keys_.end(), [&](const auto& key) { return key.id == id; });
  if (named == ring.keys_.end()) return Status::config("none of the secrets opens it (key id " + to_text(id) + ")");
  DataKey key;
  const bool opened = open(named->bytes, text(part(wrapped, kNonceAt, kNonceBytes)), text(id),
                           text(part(wrapped, kBoxAt, kKeyBytes + kBoxOverhead)), key.bytes());
  if (!opened) return Status::data("the wrapped key is damaged (key id " + to_text(id) + ")");
  return key;
}

}  // namespace weir::host::crypto
