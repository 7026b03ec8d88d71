#include "pipeline/checkpointer.h"

#include <catch2/catch.hpp>

#include "fakes.h"

using namespace weir::host;
using std::chrono::milliseconds;

TEST_CASE("positions of several tasks become one checkpoint, finished when all are") {
  fake::Disk disk;
  disk.checkpoint.positions["old"] = "7";
  Checkpointer checkpointer(fake::make_memory_store(disk), 2, milliseconds(1));
  REQUIRE(checkpointer.load().ok());
  CHECK(checkpointer.stored("old") == "7");
  CHECK_FALSE(checkpointer.stored("a").has_value());

  checkpointer.submit(0, {{"a", "1"}}, true);
  checkpointer.submit(1, {{"b", "2"}}, false);
  REQUIRE(checkpointer.flush().ok());
  CHECK(disk.checkpoint.positions == std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}, {"old", "7"}});
  CHECK_FALSE(disk.checkpoint.finished);
  checkpointer.submit(1, {}, true);
  REQUIRE(checkpointer.flush().ok());
  CHECK(disk.checkpoint.finished);
  CHECK(checkpointer.stored("b") == "2");
}

TEST_CASE("the latest position wins and stores are an interval apart unless somebody waits") {
  fake::Disk disk;
  Checkpointer checkpointer(fake::make_memory_store(disk), 1, std::chrono::minutes(10));
  REQUIRE(checkpointer.load().ok());
  for (int i = 0; i < 1000; ++i) checkpointer.submit(0, {{"p", std::to_string(i)}}, false);
  REQUIRE(checkpointer.flush().ok());
  CHECK(disk.checkpoint.positions.at("p") == "999");
  CHECK(disk.stores <= 2);
}

TEST_CASE("what did not change is not stored again") {
  fake::Disk disk;
  Checkpointer checkpointer(fake::make_memory_store(disk), 1, milliseconds(0));
  REQUIRE(checkpointer.load().ok());
  checkpointer.submit(0, {{"p", "1"}}, false);
  REQUIRE(checkpointer.flush().ok());
  checkpointer.submit(0, {{"p", "1"}}, false);
  REQUIRE(checkpointer.flush().ok());
  CHECK(disk.stores == 1);
}

TEST_CASE("a store that failed is told to whoever asks, and is not tried again") {
  fake::Disk disk;
  disk.answer = Status::fatal("no space left");
  Checkpointer checkpointer(fake::make_memory_store(disk), 1, milliseconds(0));
  REQUIRE(checkpointer.load().ok());
  CHECK(checkpointer.health().ok());
  checkpointer.submit(0, {{"p", "1"}}, false);
  CHECK(checkpointer.flush().message() == "no space left");
  CHECK(checkpointer.health().message() == "no space left");
  {
    const std::lock_guard lock(disk.mutex);
    disk.answer = Status();
  }
  checkpointer.submit(0, {{"p", "2"}}, false);
  CHECK_FALSE(checkpointer.flush().ok());
  CHECK(disk.stores == 0);
}

TEST_CASE("the destructor stores what was submitted last") {
  fake::Disk disk;
  {
    Checkpointer checkpointer(fake::make_memory_store(disk), 1, std::chrono::minutes(10));
    REQUIRE(checkpointer.load().ok());
    checkpointer.submit(0, {{"p", "1"}}, false);
    REQUIRE(checkpointer.flush().ok());
    checkpointer.submit(0, {{"p", "2"}}, false);
  }
  CHECK(disk.checkpoint.positions.at("p") == "2");
}

TEST_CASE("without a store positions live in memory") {
  Checkpointer checkpointer(nullptr, 1, milliseconds(1));
  REQUIRE(checkpointer.load().ok());
  checkpointer.submit(0, {{"p", "1"}}, false);
  CHECK(checkpointer.flush().ok());
  CHECK(checkpointer.stored("p") == "1");
}
