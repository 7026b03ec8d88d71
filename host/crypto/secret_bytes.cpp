#include "crypto/secret_bytes.h"

#include <sodium.h>

#include <cstdlib>

namespace weir::host::crypto {

void wipe(std::span<char> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

void fill_with_random(std::span<char> bytes) {
  if (sodium_init() < 0) std::abort();  // there is no source of randomness; without one no key may be made
  randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace weir::host::crypto
