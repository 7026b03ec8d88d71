#include "crypto/key_ring.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "hex.h"

using namespace weir::host;
using namespace weir::host::crypto;

namespace {

const std::string kOld = "correct horse battery staple";
const std::string kNew = "an even newer secret";

KeyRing ring_of(const std::string& secrets, std::string_view purpose = "weir spool") {
  auto ring = KeyRing::from(secrets, purpose);
  REQUIRE(ring.ok());
  return std::move(*ring);
}

std::string problem(const std::string& secrets) {
  const auto ring = KeyRing::from(secrets, "weir spool");
  REQUIRE_FALSE(ring.ok());
  CHECK(ring.status().code() == WEIR_E_CONFIG);
  return ring.status().message();
}

}  // namespace

// Values of another implementation: Python's hashlib.blake2b(secret, digest_size=32, person=purpose) for keys and ids, and libsodium
// called from Python for the box.
TEST_CASE("what a secret gives never changes, for data that lies for years depends on it") {
  CHECK(to_text(ring_of(kOld).newest()) == "52cffbf39c8864a4");
  CHECK(to_text(ring_of(kOld, "weir dead letter").newest()) == "a6f7483bee759ed2");
  const std::string bytes = from_hex(
      "52cffbf39c8864a4000102030405060708090a0b0c0d0e0f101112131415161779cd14d851228b4ec56f7119a520e3ee07dcf3530829eace"
      "fe"
      "ef918d91d02155d729307b9ec3fa117324969ee5004211");
  WrappedKey wrapped{};
  REQUIRE(bytes.size() == wrapped.size());
  std::copy(bytes.begin(), bytes.end(), wrapped.begin());
  const auto key = unwrap(ring_of(kOld), wrapped);
  REQUIRE(key.ok());
  CHECK(to_hex(key->view()) == "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
}

TEST_CASE("a wrapped key is opened by every ring that has its secret, wherever it stands") {
  const auto [key, wrapped] = new_data_key(ring_of(kOld));
  for (const std::string& secrets : {kOld, kNew + "\n" + kOld, kOld + "\n" + kNew}) {
    const auto again = unwrap(ring_of(secrets), wrapped);
    REQUIRE(again.ok());
    CHECK(again->view() == key.view());
  }
}

TEST_CASE("the first secret wraps") {
  const auto [key, wrapped] = new_data_key(ring_of(kNew + "\n" + kOld));
  CHECK(unwrap(ring_of(kNew), wrapped).ok());
  const auto without = unwrap(ring_of(kOld), wrapped);
  CHECK(without.status().code() == WEIR_E_CONFIG);
  CHECK(without.status().message() == "none of the secrets opens it (key id " + to_text(ring_of(kNew).newest()) + ")");
}

TEST_CASE("one purpose's keys open nothing of another one") {
  const auto [key, wrapped] = new_data_key(ring_of(kOld, "weir spool"));
  CHECK_FALSE(unwrap(ring_of(kOld, "weir dead letter"), wrapped).ok());
}

TEST_CASE("data keys and wrappings are new each time") {
  const KeyRing ring = ring_of(kOld);
  const auto [one, wrapped_one] = new_data_key(ring);
  const auto [two, wrapped_two] = new_data_key(ring);
  CHECK(one.view() != two.view());
  CHECK(wrapped_one != wrapped_two);
}

TEST_CASE("a damaged wrapped key is told from one of a foreign secret") {
  const KeyRing ring = ring_of(kOld);
  const auto [key, wrapped] = new_data_key(ring);
  for (std::size_t at = 0; at < wrapped.size(); ++at) {
    WrappedKey damaged = wrapped;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    const auto opened = unwrap(ring, damaged);
    CAPTURE(at);
    CHECK(opened.status().code() == (at < sizeof(KeyId) ? WEIR_E_CONFIG : WEIR_E_DATA));
  }
}

TEST_CASE("blanks around a secret, empty lines and Windows line ends do not count") {
  CHECK(ring_of("\n  " + kNew + "\t\r\n\r\n" + kOld + "\r\n").newest() == ring_of(kNew).newest());
  CHECK(ring_of(kNew + " x").newest() != ring_of(kNew).newest());
}

TEST_CASE("a ring without a good secret is refused, and the secret is not shown") {
  CHECK(problem("") == "a secret is missing: one a line, the newest first");
  CHECK(problem(" \n\n") == "a secret is missing: one a line, the newest first");
  CHECK(problem(kNew + "\nfifteen bytes !") == "secret 2 has 15 bytes; each line is one and has at least 16");
  CHECK(KeyRing::from("sixteen bytes ok", "weir spool").ok());
}
