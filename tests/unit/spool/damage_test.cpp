#include <catch2/catch.hpp>
#include <map>

#include "spool/inspect.h"
#include "store_rig.h"

namespace weir::host::spool::test {
namespace {

const std::vector<std::size_t> kBlocks{3, 2, 4};
constexpr int kRecords = 9;  // in a segment

struct Bytes {  // of a block in its segment
  std::uint64_t start;
  std::uint64_t end;
  int first;
  int records;
};

/// Two sealed segments of three blocks each, and the places of the first one's.
std::vector<Bytes> fill(StoreRig& rig, MemoryFiles& files) {
  rig.options.segment_bytes = 1;  // so that each group begins a new one
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append(kBlocks).ok());
  REQUIRE(rig.append(kBlocks).ok());
  rig.close();
  REQUIRE(rig.segments().size() == 2);
  const std::string bytes = files.content(rig.segments()[0]);
  const auto header = decode_segment_header(bytes);
  REQUIRE(header);
  std::vector<Bytes> blocks;
  std::uint64_t at = kSegmentHeaderBytes;
  int first = 0;
  for (const std::size_t count : kBlocks) {
    const auto block = decode_block_header(std::string_view(bytes).substr(at), salt_of(header->spool));
    REQUIRE(block);
    REQUIRE(block->count == count);
    blocks.push_back({at, at + block->size(), first, static_cast<int>(count)});
    at += block->size();
    first += static_cast<int>(count);
  }
  return blocks;
}

std::size_t quarantined(const MemoryFiles& files) {
  std::size_t count = 0;
  for (const std::string& path : files.paths()) count += path.find("/quarantine/") != std::string::npos ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("a flipped byte of a segment costs the block it is in, and nothing else") {
  const std::string secrets = GENERATE("", "a secret of some length");
  std::uint64_t size = 0;
  for (std::uint64_t at = 0; at == 0 || at < size; ++at) {
    MemoryFiles files(at + 1);
    StoreRig rig(files);
    rig.options.secrets = secrets;
    const std::vector<Bytes> blocks = fill(rig, files);
    const std::string segment = rig.segments()[0];
    size = files.content(segment).size();
    files.flip(segment, at, static_cast<unsigned char>(1u << at % 8));
    std::vector<int> expected = numbers(0, 2 * kRecords);
    std::uint64_t lost = 0;
    for (const Bytes& block : blocks) {
      if (at < block.start || at >= block.end) continue;
      lost = static_cast<std::uint64_t>(block.records);
      expected.erase(expected.begin() + block.first, expected.begin() + block.first + block.records);
    }
    INFO("byte " << at << " of " << size);
    REQUIRE(rig.open().ok());
    REQUIRE(rig.figures().start == 2 * kRecords);
    REQUIRE(rig.read() == expected);
    const BacklogFigures figures = rig.figures();
    REQUIRE(figures.damaged == lost);
    REQUIRE(figures.damaged_blocks == (lost > 0 ? 1 : 0));
    REQUIRE(quarantined(files) == (lost > 0 ? 1 : 0));
    REQUIRE(figures.records == 0);
    require_balance(figures);
  }
}

TEST_CASE("a flipped byte of the newest segment costs its block when the block was durable, after a kill too") {
  std::uint64_t size = 0;
  for (std::uint64_t at = 0; at == 0 || at < size; ++at) {
    MemoryFiles files(at + 1);
    StoreRig rig(files);
    REQUIRE(rig.open().ok());
    for (int i = 0; i < 3; ++i) REQUIRE(rig.append({3}).ok());
    const std::string segment = rig.segments()[0];
    const std::string bytes = files.content(segment);
    size = bytes.size();
    const std::uint64_t block = (size - kSegmentHeaderBytes) / 3;
    files.flip(segment, at);
    INFO("byte " << at << " of " << size);
    REQUIRE(rig.open().ok());
    const std::vector<int> values = rig.read();
    std::vector<int> expected = numbers(0, 9);
    const auto hit = at < kSegmentHeaderBytes ? -1 : static_cast<int>((at - kSegmentHeaderBytes) / block);
    if (hit >= 0) expected.erase(expected.begin() + 3 * hit, expected.begin() + 3 * hit + 3);
    REQUIRE(values == expected);
    // Nothing tells a last block that rotted from one that was never finished.
    REQUIRE(rig.figures().damaged == (hit == 0 || hit == 1 ? 3 : 0));
    require_balance(rig.figures());
    REQUIRE(rig.append({3}).ok());
    REQUIRE(rig.read() == numbers(9, 12));
  }
}

TEST_CASE("one damaged slot of the state costs nothing; with both the spool is left alone until it is repaired") {
  MemoryFiles files(1);
  StoreRig rig(files);
  fill(rig, files);
  const auto slot_is_whole = [&](std::uint64_t at) {
    return decode_state_slot(std::string_view(files.content("/spool/state")).substr(at)).has_value();
  };
  for (std::uint64_t slot : {std::uint64_t{0}, std::uint64_t{StateFile::kSlotDistance}}) {
    for (std::uint64_t byte = 0; byte < kSectorBytes; byte += 7) {
      MemoryFiles others(byte + 1);
      StoreRig other(others);
      fill(other, others);
      others.flip("/spool/state", slot + byte);
      REQUIRE(other.open().ok());
      REQUIRE(other.read() == numbers(0, 2 * kRecords));
    }
  }
  for (std::uint64_t slot : {std::uint64_t{0}, std::uint64_t{StateFile::kSlotDistance}}) {
    REQUIRE(slot_is_whole(slot));
    files.flip("/spool/state", slot + 100);
  }
  std::map<std::string, std::string> before;
  for (const std::string& path : files.paths()) before[path] = files.content(path);
  const Status refused = rig.open();
  CHECK(refused.code() == WEIR_E_FATAL);
  CHECK_THAT(refused.message(), Catch::Contains("weir spool repair"));
  for (const auto& [path, bytes] : before) CHECK((files.content(path) == bytes));
  files.kill();
  REQUIRE(rebuild_state(files, "/spool", 0, rig.now_ms).ok());
  REQUIRE(rig.open().ok());
  CHECK(rig.read() == numbers(0, 2 * kRecords));
  CHECK(rig.append({1}).ok());
  CHECK(rig.read() == numbers(2 * kRecords, 2 * kRecords + 1));
}

TEST_CASE("a segment whose two headers are damaged, or that is gone, is counted by what its neighbours know") {
  const bool gone = GENERATE(false, true);
  MemoryFiles files(1);
  StoreRig rig(files);
  fill(rig, files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append(kBlocks).ok());
  rig.close();
  const std::string middle = rig.segments()[1];
  if (gone) {
    REQUIRE(files.remove(middle) == 0);
  } else {
    files.flip(middle, 20);
    files.flip(middle, kSectorBytes + 20);
  }
  REQUIRE(rig.open().ok());
  std::vector<int> expected = numbers(0, kRecords);
  for (const int number : numbers(2 * kRecords, 3 * kRecords)) expected.push_back(number);
  CHECK(rig.read() == expected);
  CHECK(rig.figures().damaged == kRecords);
  CHECK(quarantined(files) == (gone ? 0 : 1));
  require_balance(rig.figures());
}

TEST_CASE("a segment that somebody removes from under a worker is counted, and what is behind it comes") {
  const bool was_known = GENERATE(false, true);
  MemoryFiles files(1);
  StoreRig rig(files);
  fill(rig, files);
  REQUIRE(rig.open().ok());
  REQUIRE(rig.append(kBlocks).ok());
  if (!was_known) {
    rig.close();
    REQUIRE(rig.open().ok());
  }
  REQUIRE(files.remove(rig.segments()[1]) == 0);
  std::vector<int> expected = numbers(0, kRecords);
  for (const int number : numbers(2 * kRecords, 3 * kRecords)) expected.push_back(number);
  CHECK(rig.read() == expected);
  CHECK(rig.figures().damaged == kRecords);
  require_balance(rig.figures());
}

TEST_CASE("a segment whose headers are damaged takes nothing behind it along when reading begins with it") {
  MemoryFiles files(1);
  StoreRig rig(files);
  fill(rig, files);
  const std::string first = rig.segments()[0];
  const Sequence before = *segment_of_name(first.substr(first.rfind('/') + 1)) - 1;
  const bool from_the_middle = GENERATE(false, true);
  files.flip(first, 40);
  files.flip(first, kSectorBytes + 40);
  const int lost = from_the_middle ? kRecords - 4 : kRecords;
  REQUIRE(rig.open(from_the_middle ? before + 4 : before).ok());
  CHECK(rig.figures().start == static_cast<std::uint64_t>(lost + kRecords));
  CHECK(rig.read() == numbers(kRecords, 2 * kRecords));
  CHECK(rig.figures().damaged == static_cast<std::uint64_t>(lost));
  CHECK(rig.figures().damaged_blocks == 1);
  CHECK(quarantined(files) == 1);
  require_balance(rig.figures());
}

TEST_CASE("bytes in a record that look like a block are none") {
  MemoryFiles files(1);
  StoreRig rig(files);
  const std::vector<Bytes> blocks = fill(rig, files);
  const std::string block = files.content(rig.segments()[0]).substr(blocks[1].start, blocks[1].end - blocks[1].start);
  REQUIRE(decode_block_header(block, 0) == std::nullopt);  // without the salt of the spool nobody makes one
  MemoryFiles others(2);
  StoreRig other(others);
  other.options.segment_bytes = 1u << 20;
  REQUIRE(other.open().ok());
  PackedBlock copied;
  std::string raw("\x01\x01\x00", 3);  // no timestamp, no partition, null key
  raw += static_cast<char>(block.size() + 1 < 128 ? block.size() + 1 : (block.size() + 1) | 0x80);
  if (block.size() + 1 >= 128) raw += static_cast<char>((block.size() + 1) >> 7);
  raw += block + std::string(2, '\0');
  copied.payload = raw;
  copied.raw = raw.size();
  copied.count = 1;
  copied.first_ms = copied.last_ms = other.now_ms;
  REQUIRE(other.store().append({&copied, 1}, other.now_ms).ok());
  REQUIRE(other.append({2}).ok());
  other.close();
  others.flip(other.segments()[0], kSegmentHeaderBytes + 6);  // the header of the block that holds the copy
  REQUIRE(other.open().ok());
  CHECK(other.read() == numbers(0, 2));
  CHECK(other.figures().damaged == 1);
}

TEST_CASE("verify tells each damaged piece, and what is sound as such") {
  MemoryFiles files(1);
  StoreRig rig(files);
  const std::vector<Bytes> blocks = fill(rig, files);
  const auto inspector = Inspector::open(files, "/spool", "");
  REQUIRE(inspector);
  const auto segments = (*inspector)->segments();
  REQUIRE(segments);
  REQUIRE(segments->size() == 2);
  CHECK((*segments)[0].records == kRecords);
  CHECK((*segments)[0].blocks == 3);
  CHECK((*segments)[0].sealed);
  const Sequence first = (*segments)[0].first;
  CHECK((*inspector)->verify(first)->sound());
  CHECK((*inspector)->verify(first)->records == kRecords);
  files.flip(rig.segments()[0], blocks[1].start + 30);
  const auto header = (*inspector)->verify(first);
  REQUIRE(header->damaged.size() == 1);
  CHECK(header->damaged[0].offset == blocks[1].start);
  CHECK(header->damaged[0].size == blocks[1].end - blocks[1].start);
  CHECK(header->damaged[0].records == 2);
  files.flip(rig.segments()[0], blocks[2].end - 1);
  REQUIRE((*inspector)->verify(first)->damaged.size() == 2);
  CHECK((*inspector)->verify(first)->damaged[1].records == 4);
  std::vector<int> values;
  REQUIRE((*inspector)
              ->read({},
                     [&](const SpooledRecord& record) {
                       values.push_back(std::stoi(std::string(view(record.record->value))));
                       return true;
                     })
              .ok());
  std::vector<int> expected = numbers(0, 3);
  for (const int number : numbers(kRecords, 2 * kRecords)) expected.push_back(number);
  CHECK(values == expected);
}

}  // namespace weir::host::spool::test
