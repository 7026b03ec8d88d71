#include <catch2/catch.hpp>

#include "spool/unpack_ahead.h"
#include "store_rig.h"

namespace weir::host::spool::test {
namespace {

constexpr std::size_t kInBlock = 15'000;  // records: some 150 KB
constexpr int kBlocks = 120;
constexpr int kAll = kBlocks * static_cast<int>(kInBlock);
constexpr std::int64_t kMonth = std::int64_t{31} * 24 * 3600 * 1000;

/// A block as it lies on the disk.
struct Stored {
  explicit Stored(std::string records) : raw(std::move(records)) {
    PackedBlock block;
    std::tie(block.codec, block.payload) = pack(raw, packed);
    block.raw = raw.size();
    block.count = 1;
    BlockImage image;
    make_image(block, {}, 7, nullptr, image);
    header = *decode_block_header(image.header, 7);
    bytes = std::string(image.payload) + image.trailer;
  }
  std::string raw;
  std::string packed;
  BlockHeader header;
  std::string bytes;
};

/// One segment of many blocks, so that they are unpacked ahead.
void fill(StoreRig& rig) {
  rig.options.segment_bytes = 64u << 20;
  REQUIRE(rig.open().ok());
  for (int i = 0; i < kBlocks; ++i) REQUIRE(rig.append({kInBlock}).ok());
}

/// Where each block of a segment begins.
std::vector<std::uint64_t> begins(const std::string& bytes) {
  std::vector<std::uint64_t> all;
  const auto segment = decode_segment_header(bytes);
  std::uint64_t at = kSegmentHeaderBytes;
  while (const auto block = decode_block_header(std::string_view(bytes).substr(at), salt_of(segment->spool))) {
    all.push_back(at);
    at += block->size();
  }
  return all;
}

}  // namespace

TEST_CASE("blocks are unpacked ahead in their order, and one that is damaged is told") {
  UnpackAhead ahead(3);
  std::string raw;
  for (int round = 0; round < 3; ++round) {
    const Stored first(std::string(200'000, 'a'));
    Stored second(std::string(100'000, 'b'));
    const Stored third("short");
    second.bytes[5] ^= 1;
    CHECK(ahead.is_empty());
    CHECK(ahead.first(100) == nullptr);
    ahead.add(100, first.header, 7, first.bytes, nullptr);
    ahead.add(200, second.header, 7, second.bytes, nullptr);
    CHECK_FALSE(ahead.is_full());
    ahead.add(300, third.header, 7, third.bytes, nullptr);
    CHECK(ahead.is_full());
    CHECK(ahead.first(200) == nullptr);
    REQUIRE(ahead.first(100) != nullptr);
    CHECK(ahead.first(100)->raw == 200'000);
    CHECK(ahead.take(raw));
    CHECK(raw == first.raw);
    CHECK_FALSE(ahead.take(raw));
    ahead.add(400, first.header, 7, first.bytes, nullptr);
    CHECK(ahead.take(raw));
    CHECK(raw == third.raw);
    if (round == 0) ahead.forget();  // while the thread is at it
    if (round == 1) ahead.stop();
    if (round < 2) CHECK(ahead.first(400) == nullptr);
    if (round == 2) CHECK(ahead.take(raw));
  }
}

TEST_CASE("a backlog comes in order, whatever is damaged in it") {
  for (const char* secrets : {"", "the secret of this spool"}) {
    MemoryFiles files(1);
    StoreRig rig(files);
    rig.options.secrets = secrets;
    fill(rig);
    const std::string segment = rig.segments().front();
    const std::vector<std::uint64_t> blocks = begins(files.content(segment));
    REQUIRE(blocks.size() == kBlocks);
    files.flip(segment, blocks[40] + kBlockHeaderBytes + 1000);  // in its payload
    files.flip(segment, blocks[41] + 20);                        // in its header
    files.flip(segment, blocks[119] + kBlockHeaderBytes + 10);
    std::vector<int> expected = numbers(0, 40 * kInBlock);
    const std::vector<int> rest = numbers(42 * kInBlock, 119 * kInBlock);
    expected.insert(expected.end(), rest.begin(), rest.end());
    CHECK(rig.read() == expected);
    CHECK(rig.figures().damaged == 3 * kInBlock);
    CHECK(rig.figures().damaged_blocks == 3);
    require_balance(rig.figures());
  }
}

TEST_CASE("what is unpacked ahead may expire, be left, and be read again") {
  MemoryFiles files(1);
  StoreRig rig(files);
  fill(rig);
  std::size_t count = 0;
  const auto read_some = [&](std::size_t most) {
    for (count = 0; count < most;) count += rig.read(Slice::kRecords).size();
  };
  SECTION("expired") {
    read_some(20 * kInBlock + 1);
    rig.now_ms += kMonth;
    REQUIRE(rig.append({5}).ok());
    CHECK(rig.read() == numbers(kAll, kAll + 5));
    CHECK(rig.figures().expired == kAll - count);
  }
  SECTION("left and read again") {
    read_some(20 * kInBlock + 1);
    REQUIRE(rig.store().read_again(std::nullopt).ok());
    CHECK(rig.read() == numbers(0, kAll));
  }
  SECTION("closed meanwhile") {
    read_some(7 * kInBlock + 1);
    const Sequence settled = rig.last();
    rig.close();
    REQUIRE(rig.open(settled).ok());
    CHECK(rig.read() == numbers(static_cast<int>(count), kAll));
  }
  SECTION("a disk that cannot be read for a while") {
    read_some(20 * kInBlock + 1);
    std::vector<int> values;
    files.set_faults({.read = 900});
    int refused = 0;
    while (count + values.size() < kAll && refused < 100'000)
      refused += rig.take(values).code() == WEIR_E_RETRY ? 1 : 0;
    CHECK(refused > 0);
    CHECK(values == numbers(static_cast<int>(count), kAll));
    files.set_faults({});
  }
  require_balance(rig.figures());
}

}  // namespace weir::host::spool::test
