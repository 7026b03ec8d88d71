// The class is tested as it is, without host or files: its source is part of the test.
#include "my_source.cpp"

#include <iostream>
#include <thread>
#include <weir/testing.hpp>

namespace {

int failures = 0;

void expect(bool holds, const char* sentence) {
  if (holds) return;
  ++failures;
  std::cerr << "not so: " << sentence << '\n';
}

constexpr auto kThree = R"({"interval": "0ms", "count": 3})";

void test_counting() {
  weir::testing::Source<MySource> source(kThree);
  const auto records = source.drain();
  expect(records.size() == 3 && source.ended(), "it ends after count records");
  expect(records.at(2).message.value == R"({"number":2})", "each record holds its number");
}

void test_small_polls() {
  weir::testing::Source<MySource> source(kThree);
  expect(source.poll(1).size() == 1 && source.poll(64, 1).size() == 1, "a poll makes no more than it may");
  expect(source.drain().size() == 1, "and loses none");
}

void test_resuming() {
  weir::testing::Source<MySource> source(kThree, {.positions = {{"numbers", "0"}}});
  expect(source.drain().at(0).message.value == R"({"number":1})", "it goes on after the stored position");
}

void test_waking() {
  weir::testing::Source<MySource> source(R"({"interval": "1h"})");
  expect(source.poll().size() == 1, "the first record is due at once");
  std::thread other([&] { source.wake(); });
  expect(source.poll(64, 1024, 3'600'000).empty(), "a poll that waits for an hour returns when it is woken");
  other.join();
}

void test_configuration() {
  try {
    const weir::testing::Source<MySource> source(R"({"count": -1})");
    expect(false, "a negative count is refused");
  } catch (const weir::ConfigError& error) {
    expect(error.pointer() == "count", "the error names the field");
  }
}

}  // namespace

int main() {
  test_counting();
  test_small_polls();
  test_resuming();
  test_waking();
  test_configuration();
  return failures == 0 ? 0 : 1;
}
