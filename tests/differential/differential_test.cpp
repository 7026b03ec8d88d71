#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "generator.h"

namespace weir::host::json::test {
namespace {

std::uint64_t number_of_cases() {
  const char* const length = std::getenv("WEIR_TEST_LENGTH");
  return length != nullptr && std::strcmp(length, "long") == 0 ? 1'000'000 : 100'000;
}

/// Another start finds other cases: WEIR_TEST_SEED.
std::uint64_t first_seed() {
  const char* const seed = std::getenv("WEIR_TEST_SEED");
  return seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1;
}

}  // namespace

TEST_CASE("the engine finds, edits and writes what a plain parser and rewriter does, byte for byte") {
  Tally tally;
  const std::uint64_t first = first_seed();
  const std::uint64_t cases = number_of_cases();
  for (std::uint64_t seed = first; seed < first + cases; ++seed) {
    Seeded choices(seed);
    const TestCase test = generate(choices);
    const std::string found = difference(test, tally);
    if (!found.empty()) FAIL("seed " << seed << "\n" << describe(test) << found);
  }
  std::cout << "seeds " << first << " to " << first + cases - 1 << ": " << tally.refused << " documents refused, "
            << tally.data_errors << " data errors";
  for (std::size_t op = 0; op < kOps; ++op)
    std::cout << ", " << kOpNames[op] << ' ' << tally.ok[op] << '/' << tally.run[op];
  std::cout << '\n';
  CHECK(tally.refused > 0);
  CHECK(tally.data_errors > 0);
  for (std::size_t op = 0; op < kOps; ++op) {
    INFO(kOpNames[op]);
    CHECK(tally.ok[op] > 0);
    CHECK(tally.run[op] > tally.ok[op]);
  }
}

}  // namespace weir::host::json::test
