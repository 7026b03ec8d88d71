#include "murmur2.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "partitioner.h"

using weir::kafka::murmur2;
using weir::kafka::partition_of;
using weir::kafka::Partitioner;

TEST_CASE("hashes and partitions are those of Kafka's Java client") {
  std::ifstream vectors(WEIR_TEST_DATA "/murmur2.tsv");
  std::string line;
  std::getline(vectors, line);
  REQUIRE(line == "key\tmurmur2\tof1\tof3\tof12\tof100");
  int rows = 0;
  for (; std::getline(vectors, line); ++rows) {
    const std::size_t tab = line.find('\t');
    const std::string key = line.substr(0, tab);
    std::istringstream numbers(line.substr(tab));
    std::int32_t hash = 0;
    numbers >> hash;
    CAPTURE(key);
    CHECK(static_cast<std::int32_t>(murmur2(key)) == hash);
    for (const std::int32_t count : {1, 3, 12, 100}) {
      std::int32_t partition = -1;
      numbers >> partition;
      CHECK(partition_of(key, count) == partition);
    }
  }
  CHECK(rows > 100);
}

TEST_CASE("an empty key is hashed, no key stays on a partition for about a batch") {
  Partitioner twelve(12);
  CHECK(twelve.choose("", 10) == partition_of("", 12));
  const std::int32_t first = twelve.choose(std::nullopt, 100'000);
  CHECK(twelve.choose(std::nullopt, 100'000) == first);
  CHECK(twelve.choose(std::nullopt, 10) == (first + 1) % 12);
  CHECK(twelve.choose("abc", 10) == partition_of("abc", 12));
  CHECK(twelve.choose(std::nullopt, 10) == (first + 1) % 12);
}
