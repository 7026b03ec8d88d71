#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>

#include "cli/dlq/dlq.h"
#include "scratch.h"

/// In the place of the C library's: runs before_lock first.
extern "C" int flock(int descriptor, int operation) noexcept;

using namespace weir::host::cli;

namespace {

/// Runs once, when a file is about to be locked.
std::function<void()> before_lock;

const std::string kFirst = R"({"value":"1","error":{"code":"E_DATA"}})"
                           "\n";
const std::string kSecond = R"({"value":"2","error":{"code":"E_DATA"}})"
                            "\n";
const std::string kThird = R"({"value":"3","error":{"code":"E_DATA"}})"
                           "\n";

DlqOptions drop_of(const std::string& file, const std::string& number) {
  DlqOptions options;
  options.file = file;
  options.letters.numbers = {number};
  options.yes = true;
  return options;
}

}  // namespace

TEST_CASE("what a worker wrote just before it let go of the file is not dropped") {
  const Scratch scratch;
  const std::string path = scratch.write("bad", kFirst + kSecond);
  before_lock = [&] { std::ofstream(path, std::ios::app) << kThird; };
  CHECK(dlq_drop(drop_of(path, "1")) == kExitDone);
  CHECK(scratch.read("bad") == kSecond + kThird);
}

TEST_CASE("a file that is replaced before it is locked stays as it is") {
  const Scratch scratch;
  const std::string path = scratch.write("bad", kFirst + kSecond);
  before_lock = [&] {
    scratch.write("new", kThird);
    std::filesystem::rename(scratch.path("new"), path);
  };
  CHECK(dlq_drop(drop_of(path, "1")) == kExitUsage);
  CHECK(scratch.read("bad") == kThird);
}

int flock(int descriptor, int operation) noexcept {
  if (const auto call = std::exchange(before_lock, nullptr)) call();
  return static_cast<int>(syscall(SYS_flock, descriptor, operation));
}
