#include "crypto/fingerprint.h"

#include <catch2/catch.hpp>

using namespace weir::host::crypto;

TEST_CASE("a fingerprint is BLAKE2b-128: Python's hashlib.blake2b(text, digest_size=16)") {
  CHECK(fingerprint("") == "cae66941d9efbd404e4d88758ea67670");
  CHECK(fingerprint("abc") == "cf4ab791c62b8d2b2109c90275287816");
}

TEST_CASE("hexadecimal digits are two a byte") { CHECK(hex(std::string_view("\x00\x9f\xff", 3)) == "009fff"); }
