#include "unpacking/unpacker.h"

#include <zlib.h>
#include <zstd.h>

#include <catch2/catch.hpp>
#include <string>

#include "unpacking/packed.h"

namespace weir::plugins {
namespace {

struct Unpacked {
  std::string text;
  Unpacker::State state;
};

/// Gives the bytes in pieces, takes the text in pieces.
Unpacked unpack(Packing packing, std::string_view bytes, std::size_t in_piece, std::size_t out_piece) {
  const auto unpacker = make_unpacker(packing);
  Unpacked all{"", Unpacker::State::between};
  std::string out(out_piece, '\0');
  for (std::size_t at = 0, idle = 0; idle < 2;) {
    const std::string_view in = bytes.substr(at, in_piece);
    const auto step = unpacker->unpack(in, out);
    at += step.taken;
    all.text.append(out.data(), step.given);
    all.state = step.state;
    idle = step.taken == 0 && step.given == 0 ? idle + 1 : 0;
  }
  return all;
}

std::string sample() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "{\"n\":" + std::to_string(i * 7919 % 10007) + "}\n";
  return text;
}

TEST_CASE("members one after the other are one stream, whatever the pieces") {
  const std::string text = sample();
  for (const Packing packing : {Packing::gzip, Packing::zstd}) {
    const std::string bytes = testing_support::packed(packing, text) + testing_support::packed(packing, "") +
                              testing_support::packed(packing, "tail");
    for (const std::size_t in : {1UL, 7UL, 4096UL, 1UL << 20}) {
      for (const std::size_t out : {1UL, 100UL, 1UL << 20}) {
        const Unpacked all = unpack(packing, bytes, in, out);
        CHECK(all.text == text + "tail");
        CHECK(all.state == Unpacker::State::between);
      }
    }
  }
}

TEST_CASE("a stream that stops inside a member is not between members") {
  for (const Packing packing : {Packing::gzip, Packing::zstd}) {
    const std::string bytes = testing_support::packed(packing, sample());
    const Unpacked all = unpack(packing, bytes.substr(0, bytes.size() - 5), 1000, 1000);
    CHECK(all.state == Unpacker::State::inside);
    CHECK(sample().starts_with(all.text));
  }
}

TEST_CASE("damaged and foreign bytes are broken, and what came before is given") {
  for (const Packing packing : {Packing::gzip, Packing::zstd}) {
    const std::string first = testing_support::packed(packing, "good\n");
    const Unpacked foreign = unpack(packing, first + "plain text behind it", 9, 100);
    CHECK(foreign.text == "good\n");
    CHECK(foreign.state == Unpacker::State::broken);
  }
  std::string bytes = testing_support::packed(Packing::gzip, sample());
  bytes[bytes.size() - 6] ^= 1;  // of the checksum
  CHECK(unpack(Packing::gzip, bytes, 4096, 4096).state == Unpacker::State::broken);
}

TEST_CASE("zeros behind the last gzip member are padding") {
  const Unpacked all =
      unpack(Packing::gzip, testing_support::packed(Packing::gzip, "a\n") + std::string(1000, '\0'), 64, 64);
  CHECK(all.text == "a\n");
  CHECK(all.state == Unpacker::State::between);
}

TEST_CASE("the name says how a file is packed") {
  CHECK(packing_of("/a/b.ndjson.gz") == Packing::gzip);
  CHECK(packing_of("/a/b.zst") == Packing::zstd);
  CHECK(packing_of("/a.gz/b") == Packing::none);
}

}  // namespace
}  // namespace weir::plugins
