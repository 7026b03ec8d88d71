// The class is tested as it is, without host: its source is part of the test.
#include "my_sink.cpp"

#include <cstdio>
#include <iostream>
#include <iterator>
#include <weir/testing.hpp>

namespace {

int failures = 0;

void expect(bool holds, const char* sentence) {
  if (holds) return;
  ++failures;
  std::cerr << "not so: " << sentence << '\n';
}

constexpr auto kFile = "my_sink_test.out";

std::string written() {
  std::ifstream file(kFile, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void test_lines() {
  std::remove(kFile);
  weir::testing::Sink<MySink> sink(R"({"path": "my_sink_test.out"})");
  expect(sink.put({{.value = "a"}, {.value = "b\nc"}, {}, {.value = "d"}}) == 4, "it takes all");
  expect(sink.flush(), "all that was taken is acknowledged");
  expect(written() == "a\nd\n", "a value is a line; a tombstone and what does not fit are none");
  const auto acks = sink.acks();
  expect(acks.size() == 4, "each record is acknowledged once");
  for (const auto& ack : acks)
    expect(ack.status == (ack.record == 1 ? WEIR_E_DATA : WEIR_OK), "only what does not fit is refused");
}

void test_restart() {
  std::remove(kFile);
  weir::testing::Sink<MySink> sink(R"({"path": "my_sink_test.out"})");
  sink.put("a");
  sink.stop();
  sink.put("b");
  expect(written() == "a\nb\n", "after a stop it goes on behind what is there");
}

void test_start() {
  weir::testing::Sink<MySink> sink(R"({"path": "/no/such/folder/file"})");
  try {
    sink.start();
    expect(false, "a file that cannot be opened stops the task");
  } catch (const weir::FatalError&) {
  }
}

}  // namespace

int main() {
  test_lines();
  test_restart();
  test_start();
  std::remove(kFile);
  return failures == 0 ? 0 : 1;
}
