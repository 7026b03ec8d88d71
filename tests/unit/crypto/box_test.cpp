#include "crypto/box.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "hex.h"

using namespace weir::host::crypto;

namespace {

DataKey key_of(const std::string& bytes) {
  DataKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes().begin());
  return key;
}

std::string counted(int first, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(first + i);
  return bytes;
}

const std::string kNonce = counted(0x40, 24);

std::string sealed(const DataKey& key, std::string_view associated, std::string_view plain) {
  std::string box(plain.size() + kBoxOverhead, '\0');
  seal(key, kNonce, associated, plain, box);
  return box;
}

bool opens(const DataKey& key, std::string_view nonce, std::string_view associated, std::string_view box) {
  std::string plain(box.size() - kBoxOverhead, '\0');
  return open(key, nonce, associated, box, plain);
}

}  // namespace

TEST_CASE("a box is that of draft-irtf-cfrg-xchacha-03, A.3.1") {
  const std::string plain =
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be "
      "it.";
  const std::string associated = from_hex("50515253c0c1c2c3c4c5c6c7");
  const DataKey key = key_of(counted(0x80, 32));
  const std::string box = sealed(key, associated, plain);
  CHECK(to_hex(box) ==
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c2"
        "16cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c6"
        "8b13b52ec0875924c1c7987947deafd8780acf49");
  std::string back(plain.size(), '\0');
  REQUIRE(open(key, kNonce, associated, box, back));
  CHECK(back == plain);
}

TEST_CASE("no changed bit, other key, nonce or associated data opens a box") {
  const DataKey key = key_of(counted(1, 32));
  const std::string box = sealed(key, "about", "a@b.cd");
  REQUIRE(opens(key, kNonce, "about", box));
  CHECK_FALSE(opens(key, kNonce, "abouT", box));
  CHECK_FALSE(opens(key, kNonce, "", box));
  CHECK_FALSE(opens(key, counted(0, 24), "about", box));
  CHECK_FALSE(opens(key_of(counted(2, 32)), kNonce, "about", box));
  CHECK_FALSE(opens(key, kNonce, "about", std::string_view(box).substr(0, box.size() - 1)));
  for (std::size_t bit = 0; bit < box.size() * 8; ++bit) {
    std::string changed = box;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    CHECK_FALSE(opens(key, kNonce, "about", changed));
  }
}

TEST_CASE("a box is opened only with room that fits, and never out of fewer bytes than one has") {
  const DataKey key = key_of(counted(1, 32));
  const std::string box = sealed(key, "", "");
  std::string out;
  CHECK(open(key, kNonce, "", box, out));
  out = "x";
  CHECK_FALSE(open(key, kNonce, "", box, out));
  CHECK_FALSE(open(key, kNonce, "", "short", {}));
  CHECK_FALSE(open(key, "short", "", box, {}));
}

TEST_CASE("sealing and opening work in place") {
  const DataKey key = key_of(counted(1, 32));
  std::string buffer = "a@b.cd" + std::string(kBoxOverhead, '\0');
  seal(key, kNonce, "", std::string_view(buffer).substr(0, 6), buffer);
  CHECK(buffer == sealed(key, "", "a@b.cd"));
  REQUIRE(open(key, kNonce, "", buffer, std::span(buffer).first(6)));
  CHECK(buffer.substr(0, 6) == "a@b.cd");
}
