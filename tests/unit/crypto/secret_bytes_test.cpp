#include "crypto/secret_bytes.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstring>
#include <new>

using namespace weir::host::crypto;

namespace {
using Secret = SecretBytes<32>;

bool all_zero(const unsigned char* bytes) {
  return std::all_of(bytes, bytes + sizeof(Secret), [](unsigned char byte) { return byte == 0; });
}
}  // namespace

TEST_CASE("a secret is gone from memory once it is destroyed or moved from") {
  alignas(Secret) unsigned char first[sizeof(Secret)];
  alignas(Secret) unsigned char second[sizeof(Secret)];
  auto* secret = new (first) Secret;
  std::ranges::fill(secret->bytes(), 'x');
  auto* heir = new (second) Secret(std::move(*secret));
  CHECK(all_zero(first));
  CHECK(heir->view() == std::string(32, 'x'));
  Secret third;
  third = std::move(*heir);
  CHECK(all_zero(second));
  CHECK(third.view() == std::string(32, 'x'));
  *heir = std::move(third);
  heir->~Secret();
  secret->~Secret();
  CHECK(all_zero(second));
}

TEST_CASE("random bytes differ from call to call") {
  Secret one;
  Secret two;
  fill_with_random(one.bytes());
  fill_with_random(two.bytes());
  CHECK(one.view() != two.view());
  CHECK(one.view() != std::string(32, '\0'));
}
