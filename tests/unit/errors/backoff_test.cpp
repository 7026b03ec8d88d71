#include "errors/backoff.h"

#include <catch2/catch.hpp>

using std::chrono::milliseconds;
using weir::host::Backoff;

TEST_CASE("each delay lies in the upper half of a step that doubles up to the largest") {
  Backoff backoff(milliseconds(100), milliseconds(1000), 7);
  for (const int step : {100, 200, 400, 800, 1000, 1000, 1000}) {
    const auto delay = backoff.next().count();
    CHECK(delay >= step / 2);
    CHECK(delay <= step);
  }
}

TEST_CASE("after a success the delays begin anew") {
  Backoff backoff(milliseconds(10), milliseconds(10'000));
  for (int i = 0; i < 8; ++i) static_cast<void>(backoff.next());
  backoff.reset();
  CHECK(backoff.next() <= milliseconds(10));
}

TEST_CASE("two seeds do not retry in step") {
  Backoff one(milliseconds(1000), milliseconds(60'000), 1);
  Backoff two(milliseconds(1000), milliseconds(60'000), 99);
  bool differ = false;
  for (int i = 0; i < 6; ++i) differ = one.next() != two.next() || differ;
  CHECK(differ);
}

TEST_CASE("a step of nothing stays nothing or next to it") {
  Backoff backoff(milliseconds(0), milliseconds(0));
  for (int i = 0; i < 3; ++i) CHECK(backoff.next() <= milliseconds(1));
}
