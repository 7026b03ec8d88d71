#include "observe/log.h"

#include <fcntl.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdio>
#include <thread>

using namespace weir::host;

namespace {

/// Standard error as a file while it lives.
class CapturedError {
 public:
  CapturedError() : file_(std::tmpfile()), saved_(dup(2)) { dup2(fileno(file_), 2); }
  ~CapturedError() {
    restore();
    std::fclose(file_);
  }
  std::string text() {
    restore();
    std::string all;
    std::rewind(file_);
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) all += static_cast<char>(c);
    return all;
  }

 private:
  void restore() {
    if (saved_ < 0) return;
    std::fflush(stderr);
    dup2(saved_, 2);
    close(saved_);
    saved_ = -1;
  }
  std::FILE* file_;
  int saved_;
};

std::size_t count_of(const std::string& text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("lines above the level are not written") {
  CapturedError error;
  start_log(LogLevel::warn, LogFormat::text);
  const Log log = Log().with("pipeline", "p");
  log.info("Hidden.");
  log.warn("Shown.", {{"n", "1"}});
  start_log(LogLevel::info, LogFormat::text);
  const std::string text = error.text();
  CHECK(text.find("Hidden") == std::string::npos);
  CHECK(text.find(" warn  Shown. pipeline=p n=1\n") != std::string::npos);
}

TEST_CASE("braces in a sentence are text") {
  CapturedError error;
  Log().error("A {} b {0}.");
  CHECK(error.text().find("A {} b {0}.\n") != std::string::npos);
}

TEST_CASE("an alarm is one error line with its name, however often it is raised, even at the lowest level") {
  CapturedError error;
  start_log(LogLevel::error, LogFormat::json);
  const Log log = Log().with("pipeline", "alarm-test");
  for (int i = 0; i < 5; ++i) log.alarm("test_alarm", "Something is wrong.");
  start_log(LogLevel::info, LogFormat::text);
  const std::string text = error.text();
  CHECK(count_of(text, "\n") == 1);
  CHECK(text.find(R"("message":"Something is wrong.","pipeline":"alarm-test","alarm":"test_alarm"})") !=
        std::string::npos);
  CHECK(alarm_count("test_alarm") == 5);
}

TEST_CASE("lines of many threads do not mix") {
  CapturedError error;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 200; ++i) Log().warn("A line of some length that must stay in one piece.");
    });
  }
  for (auto& thread : threads) thread.join();
  const std::string text = error.text();
  CHECK(count_of(text, "\n") == 800);
  CHECK(count_of(text, " warn  A line of some length that must stay in one piece.\n") == 800);
}
