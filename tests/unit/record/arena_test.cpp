#include "record/arena.h"

#include <catch2/catch.hpp>

#include <cstring>

using namespace weir::host;

TEST_CASE("what was allocated stays, aligned and apart, until the reset") {
  MemoryMeter meter(1u << 20);
  Arena arena(meter);
  std::vector<char*> places;
  for (std::size_t i = 0; i < 1000; ++i) {
    char* place = arena.allocate(97, i % 2 == 0 ? 16 : 1);
    if (i % 2 == 0) REQUIRE(reinterpret_cast<std::uintptr_t>(place) % 16 == 0);
    std::memset(place, static_cast<int>(i % 251), 97);
    places.push_back(place);
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (std::size_t byte = 0; byte < 97; ++byte) REQUIRE(static_cast<unsigned char>(places[i][byte]) == i % 251);
  }
}

TEST_CASE("every allocation may be read kPadding bytes past its end") {
  MemoryMeter meter(1u << 20);
  Arena arena(meter);
  unsigned sum = 0;
  for (const std::size_t size :
       {std::size_t{1}, Arena::kChunk - Arena::kPadding, Arena::kChunk, std::size_t{100'000}}) {
    const char* place = arena.allocate(size, 1);
    for (std::size_t i = 0; i < Arena::kPadding; ++i)
      sum += static_cast<unsigned char>(place[size + i]);  // the sanitizer judges
  }
  CHECK(sum != 1);
}

TEST_CASE("the same use after a reset takes no new memory") {
  MemoryMeter meter(16u << 20);
  Arena arena(meter);
  const auto use = [&] {
    (void)arena.allocate(131'072, 1);  // a read buffer
    for (int i = 0; i < 64; ++i) (void)arena.allocate(900);
  };
  use();
  const std::size_t used = meter.used();
  for (int i = 0; i < 10; ++i) {
    arena.reset();
    CHECK(meter.spare() == used);
    use();
    CHECK(meter.used() == used);
    CHECK(meter.spare() == 0);
  }
}

TEST_CASE("the tail of the newest allocation can be given back") {
  MemoryMeter meter(1u << 20);
  Arena arena(meter);
  char* buffer = arena.allocate(1000, 1);
  arena.shrink_last(buffer, 100);
  CHECK(arena.allocate(10, 1) == buffer + 100);
  char* other = arena.allocate(Arena::kChunk, 1);
  arena.shrink_last(buffer, 0);  // not the newest: nothing happens
  CHECK(arena.allocate(10, 1) != buffer);
  CHECK(other != nullptr);
}

TEST_CASE("a copy of empty text is empty, not null") {
  MemoryMeter meter(1u << 20);
  Arena arena(meter);
  CHECK_FALSE(is_null(arena.copy("")));
  CHECK(view(arena.copy("abc")) == "abc");
}
