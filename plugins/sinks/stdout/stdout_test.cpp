#include "stdout.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <weir/testing.hpp>

namespace weir::plugins {
namespace {

using testing::Message;

/// A pipe; what goes in is read without waiting.
class Pipe {
 public:
  Pipe() {
    REQUIRE(pipe2(ends_.data(), O_CLOEXEC) == 0);
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    fcntl(ends_[1], F_SETPIPE_SZ, 4096);
  }
  ~Pipe() {
    close_read_end();
    close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int write_end() const { return ends_[1]; }
  std::string read() {
    std::string all;
    std::array<char, 4096> block;
    for (ssize_t got = 0; (got = ::read(ends_[0], block.data(), block.size())) > 0;)
      all.append(block.data(), static_cast<std::size_t>(got));
    return all;
  }
  void close_read_end() {
    if (ends_[0] >= 0) close(ends_[0]);
    ends_[0] = -1;
  }

 private:
  std::array<int, 2> ends_{};
};

/// An output into a pipe, and two who write to it.
struct PipedOutput {
  Pipe pipe;
  StandardOutput output{pipe.write_end()};
  const int one = 0;
  const int two = 0;

  /// Writer one's first line, longer than the pipe holds; returns how much of it is out.
  std::size_t begin(const std::string& line) {
    const StandardOutput::Written begun = output.write(&one, line);
    CHECK(begun.error == 0);
    REQUIRE(begun.bytes < line.size());
    return begun.bytes;
  }
};

TEST_CASE("lines go out, and what a pipe has no room for goes out later") {
  PipedOutput to;
  REQUIRE(to.output.error() == 0);
  CHECK(to.output.write(&to.one, "a\nb\n").bytes == 4);
  const std::string line = std::string(10'000, 'x') + "\n";
  const std::size_t begun = to.begin(line);
  CHECK(to.output.write(&to.one, line.substr(begun)).bytes == 0);
  CHECK(to.pipe.read() == "a\nb\n" + line.substr(0, begun));
}

TEST_CASE("lines of two writers do not mix") {
  PipedOutput to;
  const std::string line = std::string(6000, '1') + "\n";
  const std::size_t begun = to.begin(line);
  std::string all = to.pipe.read();
  CHECK(to.output.write(&to.two, "2\n").bytes == 0);
  CHECK(to.output.write(&to.one, std::string_view(line).substr(begun)).bytes == line.size() - begun);
  CHECK(to.output.write(&to.two, "2\n").bytes == 2);
  all += to.pipe.read();
  CHECK(all == line + "2\n");
}

TEST_CASE("a line whose writer goes is finished before the next") {
  PipedOutput to;
  const std::string line = std::string(6000, '1') + "\n";
  const std::size_t begun = to.begin(line);
  to.output.leave(&to.one, std::string_view(line).substr(begun));
  std::string all = to.pipe.read();
  CHECK(to.output.write(&to.two, "2\n").bytes == 2);
  all += to.pipe.read();
  CHECK(all == line + "2\n");
}

TEST_CASE("a pipe nobody reads is an error and no signal") {
  PipedOutput to;
  to.pipe.close_read_end();
  CHECK(to.output.write(&to.one, "a\n").error == EPIPE);
}

TEST_CASE("there may be no standard output") {
  StandardOutput output(-1);
  CHECK(output.error() == EBADF);
}

TEST_CASE("a record is acknowledged when its line is out, and the sink says when it is full") {
  // The process has one standard output, kept from its first use on: this is the only test that uses it.
  Pipe pipe;
  const int before = dup(STDOUT_FILENO);
  dup2(pipe.write_end(), STDOUT_FILENO);
  {
    testing::Sink<StdoutSink> sink;
    sink.start();
    dup2(before, STDOUT_FILENO);
    CHECK(sink.put({Message{.value = "a"}, Message{}, Message{.value = "b"}}) == 3);
    CHECK(pipe.read() == "a\nb\n");
    CHECK(sink.acks().size() == 3);

    const std::string line(99'999, 'x');
    std::size_t taken = 0;
    for (int i = 0; i < 10; ++i) taken += sink.put(line);
    CHECK(taken == 3);
    CHECK(sink.acks().size() == 3);
    CHECK_FALSE(sink.flush(10));
    std::string all;
    for (int i = 0; i < 1000 && sink.acks().size() < 6; ++i) {
      all += pipe.read();
      sink.service(1);
    }
    all += pipe.read();
    CHECK(all == line + "\n" + line + "\n" + line + "\n");
    CHECK(sink.flush(0));

    CHECK(sink.put(line) == 1);
    sink.stop();
    CHECK(sink.acks().back().status == WEIR_E_RETRY);
    pipe.read();
    sink.start();
    CHECK(sink.put("c") == 1);
    all.clear();
    for (int i = 0; i < 1000 && sink.acks().size() < 8; ++i) {
      all += pipe.read();
      sink.service(1);
    }
    CHECK(sink.acks().back().status == WEIR_OK);

    pipe.close_read_end();
    CHECK(sink.put("d") == 1);
    CHECK_THROWS_AS(sink.service(), FatalError);
    CHECK_THROWS_AS(sink.put("e"), FatalError);
    sink.stop();
    CHECK(sink.acks().back().status == WEIR_E_RETRY);
  }
  close(before);
}

}  // namespace
}  // namespace weir::plugins
