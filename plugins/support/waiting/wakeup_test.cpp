#include "waiting/wakeup.h"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <thread>

namespace weir::plugins {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

TEST_CASE("a wait ends with its timeout") {
  Wakeup wakeup;
  const auto start = Clock::now();
  CHECK_FALSE(wakeup.wait(20ms));
  CHECK(Clock::now() - start >= 19ms);
}

TEST_CASE("a wake ends the wait that runs") {
  Wakeup wakeup;
  const auto start = Clock::now();
  std::thread waker([&] { std::this_thread::sleep_for(20ms), wakeup.wake(); });
  CHECK_FALSE(wakeup.wait(30s));
  waker.join();
  CHECK(Clock::now() - start < 20s);
}

TEST_CASE("a wake before the wait ends it, once") {
  Wakeup wakeup;
  wakeup.wake();
  wakeup.wake();
  auto start = Clock::now();
  CHECK_FALSE(wakeup.wait(30s));
  CHECK(Clock::now() - start < 20s);
  start = Clock::now();
  CHECK_FALSE(wakeup.wait(20ms));
  CHECK(Clock::now() - start >= 19ms);
}

TEST_CASE("a wait sees that another descriptor can be read") {
  Wakeup wakeup;
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  CHECK_FALSE(wakeup.wait(1ms, ends[0]));
  REQUIRE(write(ends[1], "x", 1) == 1);
  CHECK(wakeup.wait(30s, ends[0]));
  char c = 0;
  REQUIRE(read(ends[0], &c, 1) == 1);
  close(ends[1]);
  CHECK(wakeup.wait(30s, ends[0]));  // at its end
  close(ends[0]);
}

}  // namespace
}  // namespace weir::plugins
