#include "stdin.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using Runner = testing::Source<StdinSource>;

/// Puts a pipe in the place of standard input until it goes.
class FakeInput {
 public:
  FakeInput() : before_(dup(STDIN_FILENO)) {
    std::array<int, 2> ends{};
    REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    write_end_ = ends[1];
  }
  ~FakeInput() {
    finish();
    if (before_ >= 0) {
      dup2(before_, STDIN_FILENO);
      close(before_);
    }
  }
  FakeInput(const FakeInput&) = delete;
  FakeInput& operator=(const FakeInput&) = delete;

  void write(std::string_view text) {
    REQUIRE(::write(write_end_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void finish() {
    if (write_end_ >= 0) close(write_end_);
    write_end_ = -1;
  }

 private:
  int before_;
  int write_end_ = -1;
};

TEST_CASE("lines come as they arrive and the input's end ends the source") {
  FakeInput input;
  Runner source;
  CHECK(source.poll().empty());
  CHECK_FALSE(source.ended());
  input.write("a\r\n\nb\nc");
  auto polled = source.poll();
  REQUIRE(polled.size() == 2);
  CHECK(polled[0].message.value == "a");
  CHECK_FALSE(polled[0].position.partition);
  CHECK(polled[0].position.offset == "3");
  CHECK(polled[1].position.offset == "6");
  CHECK(polled[1].message.value == "b");
  input.finish();
  polled = source.poll();
  REQUIRE(polled.size() == 1);
  CHECK(polled[0].message.value == "c");
  CHECK(source.ended());
}

TEST_CASE("more lines than one poll takes come in the next") {
  FakeInput input;
  input.write("1\n2\n3\n4\n5");
  input.finish();
  Runner source;
  std::vector<std::string> read;
  for (int i = 0; i < 10 && !source.ended(); ++i) {
    for (const auto& record : source.poll(2)) read.push_back(*record.message.value);
  }
  CHECK(read == std::vector<std::string>{"1", "2", "3", "4", "5"});
  CHECK(source.ended());
}

TEST_CASE("a line over max_line_bytes fails without payload") {
  FakeInput input;
  input.write(std::string(50, 'x') + "\nb\n");
  input.finish();
  Runner source(R"({"max_line_bytes":"10B"})");
  const auto all = source.drain();
  REQUIRE(all.size() == 2);
  CHECK(all[0].failure);
  CHECK_FALSE(all[0].message.value);
  CHECK(all[1].message.value == "b");
}

TEST_CASE("only one source may read standard input") {
  FakeInput input;
  Runner first;
  first.start();
  Runner second;
  CHECK_THROWS_AS(second.start(), FatalError);
  first.stop();
  CHECK_NOTHROW(second.start());
}

TEST_CASE("of several tasks the first reads") {
  FakeInput input;
  Runner first("{}", {.task = 0, .task_count = 2});
  Runner second("{}", {.task = 1, .task_count = 2});
  first.start();
  CHECK(second.drain().empty());
  CHECK(second.ended());
}

TEST_CASE("a wake ends the wait for input") {
  FakeInput input;
  Runner source;
  source.wake();
  const auto start = std::chrono::steady_clock::now();
  CHECK(source.poll(64, 128 * 1024, 30'000).empty());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("an input that cannot be read is fatal") {
  FakeInput input;
  const int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  dup2(folder, STDIN_FILENO);
  close(folder);
  Runner source;
  CHECK_THROWS_AS(source.poll(), FatalError);
}

}  // namespace
}  // namespace weir::plugins
