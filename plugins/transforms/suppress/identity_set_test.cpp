#include "identity_set.h"

#include <catch2/catch.hpp>

namespace weir::plugins {
namespace {

TEST_CASE("an empty set holds nothing") {
  const IdentitySet set;
  CHECK(set.size() == 0);
  CHECK_FALSE(set.contains({0, 0}));
  CHECK_FALSE(set.contains({~0ULL, ~0ULL}));
}

TEST_CASE("a set holds what was put in, at every size") {
  const IdentityHasher hasher({"a"});
  for (const std::size_t size : {1U, 2U, 7U, 8U, 9U, 100U, 1000U, 4096U}) {
    INFO(size);
    std::vector<IdentityHash> hashes;
    for (std::size_t i = 0; i < size; ++i) hashes.push_back(hasher.hash(0, std::to_string(i)));
    const IdentitySet set(hashes);
    CHECK(set.size() == size);
    bool all = true;
    bool others = false;
    for (const IdentityHash& hash : hashes) all = all && set.contains(hash);
    for (std::size_t i = size; i < 2 * size + 100; ++i)
      others = others || set.contains(hasher.hash(0, std::to_string(i)));
    CHECK(all);
    CHECK_FALSE(others);
  }
}

TEST_CASE("the whole hash counts, and repeated ones count once") {
  const IdentitySet set({{5, 1}, {5, 1}, {0, 0}, {~0ULL, ~0ULL}});
  CHECK(set.size() == 3);
  CHECK(set.contains({5, 1}));
  CHECK(set.contains({0, 0}));
  CHECK(set.contains({~0ULL, ~0ULL}));
  CHECK_FALSE(set.contains({5, 2}));
  CHECK_FALSE(set.contains({4, 1}));
}

TEST_CASE("kinds have keys of their own, and so has every hasher") {
  const IdentityHasher hasher({"a", "b"});
  CHECK(hasher.kind("a") == 0);
  CHECK(hasher.kind("b") == 1);
  CHECK_FALSE(hasher.kind("c"));
  CHECK(hasher.hash(0, "x") == hasher.hash(0, "x"));
  CHECK(hasher.hash(0, "x") != hasher.hash(1, "x"));
  CHECK(hasher.hash(0, "") != hasher.hash(0, std::string_view("\0", 1)));
  CHECK(IdentityHasher({"a"}).hash(0, "x") != hasher.hash(0, "x"));
}

}  // namespace
}  // namespace weir::plugins
