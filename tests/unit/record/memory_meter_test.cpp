#include "record/memory_meter.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>

using namespace weir::host;

namespace {

std::vector<Chunk> take(MemoryMeter& meter, std::size_t count, std::size_t size = 1) {
  std::vector<Chunk> chunks(count);
  std::generate(chunks.begin(), chunks.end(), [&] { return meter.take(size); });
  return chunks;
}

void give_back(MemoryMeter& meter, const std::vector<Chunk>& chunks) {
  for (const Chunk& chunk : chunks) meter.give_back(chunk);
}

}  // namespace

TEST_CASE("chunks that are out count as used, whole, those that came back as spare, and the latest is out first") {
  MemoryMeter meter(16u << 20);
  const Chunk small = meter.take(10);
  const Chunk large = meter.take(1'000'000);
  CHECK(small.size == kSlabChunk);
  CHECK(large.size >= 1'000'000);
  CHECK(large.size < 1'000'000 + 4096);
  CHECK(meter.used() == small.size + large.size);
  CHECK(meter.spare() == 0);
  meter.give_back(small);
  meter.give_back(large);
  CHECK(meter.used() == 0);
  CHECK(meter.spare() == small.size + large.size);
  CHECK(meter.take(kSlabChunk).bytes == small.bytes);
  CHECK(meter.take(999'000).bytes == large.bytes);
  meter.give_back(small);
  meter.give_back(large);
}

TEST_CASE("a large chunk is not spent on what takes less than half of it") {
  MemoryMeter meter(16u << 20);
  const Chunk large = meter.take(1'000'000);
  meter.give_back(large);
  const Chunk medium = meter.take(300'000);
  CHECK(medium.bytes != large.bytes);
  meter.give_back(medium);
}

TEST_CASE("a large chunk that the limit has no room for does not wait") {
  MemoryMeter meter(4u << 20);
  meter.give_back(meter.take(3u << 20));
  CHECK(meter.spare() == 3u << 20);
  const Chunk other = meter.take(2u << 20);
  CHECK(meter.used() + meter.spare() <= meter.limit());
  meter.set_beside(3u << 20);
  meter.give_back(other);
  CHECK(meter.spare() <= 2u << 20);
}

TEST_CASE("what others take counts like chunks") {
  MemoryMeter meter(1u << 20);
  CHECK(meter.has_room(1u << 20));
  meter.set_beside(1u << 19);
  CHECK(meter.has_room(1u << 19));
  CHECK_FALSE(meter.has_room((1u << 19) + 1));
}

TEST_CASE("what is spare goes when nobody needs it, half at each trim, and not before") {
  MemoryMeter meter(64u << 20);
  constexpr std::size_t kSlabs = 16;
  const auto burst = [&] { give_back(meter, take(meter, kSlabs * Slabs::kChunks)); };
  burst();
  meter.trim();
  CHECK(meter.spare() == kSlabs * Slabs::kSlab);  // all were out a moment ago
  burst();
  meter.trim();
  CHECK(meter.spare() == kSlabs * Slabs::kSlab);  // and again
  give_back(meter, take(meter, Slabs::kChunks));
  meter.trim();
  CHECK(meter.spare() == 8 * Slabs::kSlab);  // of the 15 that waited
  for (int i = 0; i < 6; ++i) meter.trim();
  CHECK(meter.spare() == 0);
}

TEST_CASE("a slab stays as long as one of its chunks is out") {
  MemoryMeter meter(64u << 20);
  std::vector<Chunk> chunks = take(meter, 4 * Slabs::kChunks);
  const Chunk kept = chunks[2 * Slabs::kChunks + 5];
  std::fill(kept.bytes, kept.bytes + kept.size, 'k');
  std::erase_if(chunks, [&](const Chunk& chunk) { return chunk.bytes == kept.bytes; });
  give_back(meter, chunks);
  for (int i = 0; i < 8; ++i) meter.trim();
  CHECK(meter.used() == kSlabChunk);
  CHECK(meter.spare() == Slabs::kSlab - kSlabChunk);
  CHECK(std::all_of(kept.bytes, kept.bytes + kept.size, [](char byte) { return byte == 'k'; }));
  meter.give_back(kept);
}

TEST_CASE("trim makes room for what others took") {
  MemoryMeter meter(16u << 20);
  give_back(meter, take(meter, 7 * Slabs::kChunks));
  meter.trim();
  CHECK(meter.spare() == 7 * Slabs::kSlab);
  meter.set_beside(10u << 20);
  give_back(meter, take(meter, 7 * Slabs::kChunks));
  meter.trim();
  CHECK(meter.has_room(meter.spare()));
}

TEST_CASE("chunks do not overlap, and their memory holds what is written") {
  MemoryMeter meter(64u << 20);
  std::vector<Chunk> chunks = take(meter, 3 * Slabs::kChunks + 7);
  for (std::size_t i = 0; i < chunks.size(); ++i)
    std::fill(chunks[i].bytes, chunks[i].bytes + chunks[i].size, static_cast<char>(i % 251));
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    REQUIRE(chunks[i].bytes[0] == static_cast<char>(i % 251));
    REQUIRE(chunks[i].bytes[chunks[i].size - 1] == static_cast<char>(i % 251));
    REQUIRE(reinterpret_cast<std::uintptr_t>(chunks[i].bytes) % 64 == 0);
  }
  give_back(meter, chunks);
}
