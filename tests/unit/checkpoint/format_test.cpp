#include "checkpoint/format.h"

#include <catch2/catch.hpp>

#include <random>

using namespace weir::host;
using namespace std::string_literals;

namespace {

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.positions = {{"/data/in.ndjson", "4711"}, {"empty", ""}};
  checkpoint.state = {{"dedupe", std::string("\x00\xff", 2)}};
  checkpoint.finished = true;
  return checkpoint;
}

// What docs/checkpoint-format.md says, byte by byte. A change here is a new version of the format.
const std::string kGolden =
    "WEIRCKPT"
    "\x01\x00\x00\x00"
    "\x01\x00\x00\x00"
    "\x02\x00\x00\x00"
    "\x0f\x00\x00\x00/data/in.ndjson"
    "\x04\x00\x00\x00"
    "4711"
    "\x05\x00\x00\x00"
    "empty"
    "\x00\x00\x00\x00"
    "\x01\x00\x00\x00"
    "\x06\x00\x00\x00"
    "dedupe"
    "\x02\x00\x00\x00\x00\xff"s;

}  // namespace

TEST_CASE("the checksum is the CRC-32 of zlib") {
  CHECK(crc32_of("") == 0);
  CHECK(crc32_of("123456789") == 0xcbf43926u);
}

TEST_CASE("a checkpoint is written in the bytes the document describes") {
  const std::string bytes = encode_checkpoint(example());
  REQUIRE(bytes.size() == kGolden.size() + 4);
  CHECK(bytes.substr(0, kGolden.size()) == kGolden);
  std::string checksum;
  for (int shift = 0; shift < 32; shift += 8) checksum += static_cast<char>((crc32_of(kGolden) >> shift) & 0xff);
  CHECK(bytes.substr(kGolden.size()) == checksum);
  CHECK(crc32_of(kGolden) == 0xf935d7cbu);  // by zlib
}

TEST_CASE("what was written is read back") {
  for (const Checkpoint& checkpoint : {example(), Checkpoint{}}) {
    const Result<Checkpoint> read = decode_checkpoint(encode_checkpoint(checkpoint));
    REQUIRE(read.ok());
    CHECK((*read).positions == checkpoint.positions);
    CHECK((*read).state == checkpoint.state);
    CHECK((*read).finished == checkpoint.finished);
  }
}

TEST_CASE("every cut and every flipped bit is noticed") {
  const std::string bytes = encode_checkpoint(example());
  for (std::size_t size = 0; size < bytes.size(); ++size) REQUIRE_FALSE(decode_checkpoint(bytes.substr(0, size)).ok());
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    REQUIRE_FALSE(decode_checkpoint(damaged).ok());
  }
  CHECK_FALSE(decode_checkpoint(bytes + "x").ok());
}

TEST_CASE("the refusal says what is wrong") {
  const auto why = [](const std::string& bytes) { return decode_checkpoint(bytes).status().message(); };
  const std::string bytes = encode_checkpoint(example());
  CHECK(why("") == "it is empty");
  CHECK(why("name: customer-events\nsource: ...\n") == "it is no checkpoint");
  CHECK(why(bytes.substr(0, 10)) == "it is cut short");
  CHECK(why(bytes.substr(0, 60)) == "its checksum is wrong: it is cut short or damaged");
  std::string newer = bytes;
  newer[8] = 2;
  CHECK(why(newer) == "it has version 2, and this program reads version 1");
}

TEST_CASE("bytes with a right checksum that do not fit together are refused, whatever they claim") {
  std::mt19937 random(20261122);
  std::size_t read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = encode_checkpoint(example());
    bytes.resize(bytes.size() - 4);
    for (int change = 0; change < 3; ++change) bytes[12 + random() % (bytes.size() - 12)] = static_cast<char>(random());
    if (random() % 2 == 0) bytes.resize(28 + random() % (bytes.size() - 28));
    const std::uint32_t crc = crc32_of(bytes);
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((crc >> shift) & 0xff);
    read += decode_checkpoint(bytes).ok() ? 1 : 0;  // the sanitizers judge the rest
  }
  CHECK(read > 0);
  CHECK(read < 20'000);
}
