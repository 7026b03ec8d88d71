#include <catch2/catch.hpp>
#include <set>

#include "rig.h"
#include "spool/block.h"
#include "spool/crc32c.h"
#include "spool/fault.h"
#include "spool/format.h"
#include "spool/progress.h"
#include "spool/record_codec.h"

namespace weir::host::spool::test {

TEST_CASE("CRC32C is the one of RFC 3720, by instruction and by table") {
  std::string zeros(32, '\0');
  std::string ones(32, '\xff');
  std::string rising;
  for (int i = 0; i < 32; ++i) rising.push_back(static_cast<char>(i));
  for (const auto of : {+[](std::string_view bytes, std::uint32_t so_far) { return crc32c(bytes, so_far); },
                        +[](std::string_view bytes, std::uint32_t so_far) { return crc32c_by_table(bytes, so_far); }}) {
    CHECK(of("123456789", 0) == 0xe3069283u);
    CHECK(of(zeros, 0) == 0x8a9136aau);
    CHECK(of(ones, 0) == 0x62a8ab43u);
    CHECK(of(rising, 0) == 0x46dd794eu);
    CHECK(of("", 0) == 0);
    CHECK(of("6789", of("12345", 0)) == 0xe3069283u);
  }
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    bytes.push_back(static_cast<char>(i * 37));
    REQUIRE(crc32c(bytes, 7) == crc32c_by_table(bytes, 7));
  }
}

TEST_CASE("what a spool keeps of a record comes back: null stays null, empty stays empty") {
  CountingAcks acks;
  Records records(acks);
  Record* const full = records.make(std::string(300, 'v'), "k");
  full->timestamp_ms = 1'700'000'000'123;
  full->partition = 7;
  full->topic = bytes_of("topic");
  full->add_header("a", bytes_of("1"));
  full->add_header("empty", bytes_of(""));
  full->add_header("null", kNullBytes);
  Record* const bare = records.make("");
  bare->set_slot(WEIR_VALUE, kNullBytes);
  Record* const empty = records.make("", "");
  empty->topic = bytes_of("");
  std::string bytes;
  for (const Record* record : {full, bare, empty}) encode_record(*record, bytes);

  std::string_view rest = bytes;
  for (const Record* wanted : {full, bare, empty}) {
    const std::size_t size = encoded_size(rest);
    REQUIRE(size > 0);
    for (std::size_t cut = 0; cut < size; ++cut) REQUIRE(encoded_size(rest.substr(0, cut)) == 0);
    Record* const got = records.make("");
    decode_record(rest.substr(0, size), *got);
    StoredRecord stored;
    decode_stored(rest.substr(0, size), stored);
    CHECK(got->timestamp_ms == wanted->timestamp_ms);
    CHECK(got->partition == wanted->partition);
    const auto same = [](Bytes one, Bytes other) { return is_null(one) == is_null(other) && view(one) == view(other); };
    CHECK(same(got->key(), wanted->key()));
    CHECK(same(got->value(), wanted->value()));
    CHECK(same(got->topic, wanted->topic));
    CHECK(same(stored.value, wanted->value()));
    REQUIRE(got->headers.count == wanted->headers.count);
    REQUIRE(stored.headers.size() == wanted->headers.count);
    for (std::uint32_t i = 0; i < wanted->headers.count; ++i) {
      CHECK(same(got->headers.first[i].name, wanted->headers.first[i].name));
      CHECK(same(got->headers.first[i].value, wanted->headers.first[i].value));
    }
    rest.remove_prefix(size);
  }
  CHECK(rest.empty());
}

TEST_CASE("bytes that are no record are none, whatever they are") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 4 == 0 ? 0xff : random());
    REQUIRE(encoded_size(bytes) <= bytes.size());
  }
}

TEST_CASE("each fixed piece of the format comes back, and is nothing when a bit of it is flipped") {
  SpoolId spool{};
  spool[3] = 'x';
  const auto no_bit_may_flip = [](const std::string& piece, auto decodes) {
    REQUIRE(decodes(piece));
    REQUIRE_FALSE(decodes(piece.substr(0, piece.size() - 1)));
    for (std::size_t bit = 0; bit < piece.size() * 8; ++bit) {
      std::string hurt = piece;
      hurt[bit / 8] = static_cast<char>(hurt[bit / 8] ^ (1 << bit % 8));
      REQUIRE_FALSE(decodes(hurt));
    }
  };
  SegmentHeader segment{spool, 5, 3, 77, "a wrapped key"};
  CHECK(decode_segment_header(encode(segment))->wrapped_key == "a wrapped key");
  CHECK(decode_segment_header(encode(segment))->created_ms == 77);
  no_bit_may_flip(encode(segment), [](std::string_view bytes) { return decode_segment_header(bytes).has_value(); });

  BlockHeader block;
  block.codec = Codec::lz4;
  block.encrypted = true;
  block.count = 9;
  block.stored = 1u << 20;
  block.raw = 5ull << 32;
  block.first = 1ull << 60;
  block.first_ms = -5;
  block.last_ms = 90'000;
  block.durable = 4711;
  block.nonce[23] = 'n';
  const auto back = decode_block_header(encode(block, 42), 42);
  REQUIRE(back);
  CHECK(back->codec == Codec::lz4);
  CHECK(back->encrypted);
  CHECK(back->end() == (1ull << 60) + 9);
  CHECK(back->raw == 5ull << 32);
  CHECK(back->first_ms == -5);
  CHECK(back->last_ms == 90'000);
  CHECK(back->durable == 4711);
  CHECK(back->nonce == block.nonce);
  CHECK_FALSE(decode_block_header(encode(block, 42), 43));
  no_bit_may_flip(encode(block, 42), [](std::string_view bytes) { return decode_block_header(bytes, 42).has_value(); });

  BlockHeader absurd = block;
  absurd.first_ms = absurd.last_ms = INT64_MIN;  // times are subtracted
  CHECK_FALSE(decode_block_header(encode(absurd, 42), 42));
  absurd = block;
  absurd.first = ~Sequence{0} - 2;
  CHECK_FALSE(decode_block_header(encode(absurd, 42), 42));

  const Footer footer{5, 9, 4, -1, 100, 2, 4000, 0xdeadbeef};
  CHECK(decode_footer(encode(footer))->crc_of_crcs == 0xdeadbeef);
  CHECK(decode_footer(encode(footer))->newest_ms == 100);
  no_bit_may_flip(encode(footer), [](std::string_view bytes) { return decode_footer(bytes).has_value(); });

  StateSlot slot;
  slot.generation = 3;
  slot.delivered = 10;
  slot.next = 12;
  slot.hole_records = 7;
  slot.tail_bytes = 99;
  CHECK(decode_state_slot(encode(slot))->tail_bytes == 99);
  CHECK(decode_state_slot(encode(slot))->hole_records == 7);
  no_bit_may_flip(encode(slot), [](std::string_view bytes) { return decode_state_slot(bytes).has_value(); });

  CHECK(segment_name(42) == "00000000000000000042.seg");
  CHECK(segment_of_name(segment_name(Sequence{1} << 62)) == Sequence{1} << 62);
  for (const char* name : {"42.seg", "0000000000000000004x.seg", "00000000000000000042.sog", "state",
                           "99999999999999999999.seg", "18446744073709551615.seg"})
    CHECK_FALSE(segment_of_name(name));
}

TEST_CASE("a block is opened by its own key only, and only as it was written") {
  const std::string raw = std::string(5000, 'r') + "end";
  std::string packed;
  PackedBlock block;
  std::tie(block.codec, block.payload) = pack(raw, packed);
  block.raw = raw.size();
  block.count = 1;
  CHECK(block.codec == Codec::lz4);
  CHECK(block.payload.size() < 1000);
  std::string not_packed;
  CHECK(pack("short", not_packed).first == Codec::none);
  crypto::DataKey key;
  crypto::DataKey other;
  crypto::fill_with_random(key.bytes());
  crypto::fill_with_random(other.bytes());
  BlockImage image;
  BlockHeader header;
  header.first = 5;
  make_image(block, header, 1, &key, image);
  const std::string bytes = std::string(image.payload) + image.trailer;
  const auto read = decode_block_header(image.header, 1);
  REQUIRE(read);
  std::string opened;
  CHECK(unpack(*read, 1, bytes, &key, opened));
  CHECK(opened == raw);
  CHECK_FALSE(unpack(*read, 1, bytes, &other, opened));
  CHECK_FALSE(unpack(*read, 1, bytes, nullptr, opened));
  BlockHeader boasting;
  boasting.codec = Codec::lz4;
  boasting.stored = 4;
  boasting.raw = 2'000'000'000;  // no memory is taken for what four bytes cannot hold
  const std::string four = "1234";
  PackedBlock small{Codec::lz4, four, boasting.raw, 1, 0, 0};
  BlockImage boast;
  make_image(small, boasting, 1, nullptr, boast);
  CHECK_FALSE(unpack(*decode_block_header(boast.header, 1), 1, four + boast.trailer, nullptr, opened));
  CHECK(opened.capacity() < 1'000'000);
  BlockHeader moved = *read;
  moved.first = 6;  // the header is sealed too
  CHECK_FALSE(unpack(moved, 1, bytes, &key, opened));
  CHECK(bytes.find("rrrr") == std::string::npos);
}

TEST_CASE("what the source never gives settles with what is before it") {
  Progress progress;
  progress.begin(10);
  progress.skip(11, 15);
  CHECK(progress.delivered() == 14);
  progress.skip(20, 25);
  progress.skip(25, 30);
  progress.skip(40, 50);
  CHECK(progress.skipped(20, 30));
  CHECK_FALSE(progress.skipped(19, 30));
  CHECK_FALSE(progress.skipped(20, 41));
  progress.settle(18);
  CHECK(progress.delivered() == 18);
  progress.settle(19);
  CHECK(progress.delivered() == 29);
  progress.settle(45);
  CHECK(progress.delivered() == 49);
  progress.settle(5);
  CHECK(progress.delivered() == 49);
}

TEST_CASE("there are enough named faults, each once") {
  const auto names = fault_names();
  CHECK(names.size() >= 15);
  CHECK(std::set<std::string_view>(names.begin(), names.end()).size() == names.size());
}

}  // namespace weir::host::spool::test
