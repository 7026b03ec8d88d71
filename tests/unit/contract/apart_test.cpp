#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

#include "contract/apart.h"

namespace weir::host::contract {
namespace {

namespace fs = std::filesystem;

/// Runs work apart, in a folder that goes with the test.
class Apart {
 public:
  Apart() {
    std::string pattern = (fs::temp_directory_path() / "weir-apart-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    std::ofstream(folder_ + "/input") << "a line\n";
  }
  ~Apart() { fs::remove_all(folder_); }
  Apart(const Apart&) = delete;
  Apart& operator=(const Apart&) = delete;

  Ending run(const std::function<std::string()>& work, int seconds = 20) const {
    return run_apart(work, std::chrono::seconds(seconds), folder_, folder_ + "/input");
  }

 private:
  std::string folder_;
};

}  // namespace

TEST_CASE("what the work returns comes back, however long") {
  const Apart apart;
  const std::string long_text(1'000'000, 'x');
  CHECK(apart.run([&] { return long_text; }).result == long_text);
  CHECK(apart.run([] { return std::string(); }).result == "");
}

TEST_CASE("the work has the input and the folder, and its output is kept") {
  const Apart apart;
  const Ending ending = apart.run([] {
    std::string line;
    std::getline(std::cin, line);
    std::fprintf(stderr, "seen: %s\n", line.c_str());
    return fs::exists("input") ? line : "in another folder";
  });
  CHECK(ending.result == "a line");
  CHECK(ending.output == "seen: a line\n");
}

TEST_CASE("a process that dies, exits, throws or does not return is told from one that returned") {
  const Apart apart;
  const Ending killed = apart.run([]() -> std::string { std::raise(SIGKILL), std::abort(); });
  CHECK_FALSE(killed.result);
  CHECK(killed.how == "died of signal 9 (Killed)");
  const Ending gone = apart.run([]() -> std::string { _exit(7); });
  CHECK_FALSE(gone.result);
  CHECK(gone.how == "ended the process with exit code 7");
  const Ending thrown = apart.run([]() -> std::string { throw std::runtime_error("no"); });
  CHECK_FALSE(thrown.result);
  CHECK(thrown.how == "no");
  const Ending late = apart.run(
      []() -> std::string {
        while (true) pause();
      },
      1);
  CHECK_FALSE(late.result);
  CHECK(late.how == "did not return within 1 s");
}

TEST_CASE("children of the work do not outlive it") {
  const Apart apart;
  const Ending ending = apart.run([] {
    const pid_t child = fork();
    if (child == 0) {
      for (const int descriptor : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) close(descriptor);
      while (true) pause();
    }
    return std::to_string(child);
  });
  REQUIRE(ending.result);
  const pid_t child = std::stoi(*ending.result);
  // Killed with its group; it is gone, or a zombie of whoever adopted it.
  bool ended = false;
  for (int looks = 0; looks < 200 && !ended; ++looks) {
    std::ifstream status("/proc/" + std::to_string(child) + "/stat");
    std::string text;
    ended = !std::getline(status, text) || text.find(") Z ") != std::string::npos;
    if (!ended) usleep(10'000);
  }
  CHECK(ended);
}

}  // namespace weir::host::contract
