#include "cli/envelope/overflow_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <thread>

#include "checkpoint/file.h"
#include "made_record.h"
#include "scratch.h"

using namespace weir::host;
using namespace weir::host::cli;

namespace {

constexpr const char* kFile = "p/dead-letters-overflow.ndjson";

int open_it(const Scratch& scratch) { return ::open(scratch.path(kFile).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600); }

void fail(MadeRecord& made, const char* value) {
  made.record().set_slot(WEIR_VALUE, bytes_of(value));
  made.sealed().fail(WEIR_E_DATA, "bad", "a.b");
}

}  // namespace

TEST_CASE("the overflow holds its file's lock from the first line on") {
  const Scratch scratch;
  MadeRecord made;
  fail(made, "v");
  const auto overflow = make_overflow_file(scratch.path(""), "p", LetterPayload::plain);
  CHECK_FALSE(std::filesystem::exists(scratch.path(kFile)));
  const DeadLetter letter{&made.record(), "in", "7"};
  REQUIRE(overflow->keep({&letter, 1}).ok());
  const FileDescriptor other(open_it(scratch));
  CHECK(::flock(other.get(), LOCK_EX | LOCK_NB) != 0);
  CHECK(
      scratch.read(kFile) ==
      R"({"value":"v","error":{"pipeline":"p","code":"E_DATA","message":"bad","field":"a.b"},"position":{"partition":"in","offset":"7"}})"
      "\n");
}

TEST_CASE("a file that is replaced while the overflow waits for its lock is the one that is written") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("p"));
  MadeRecord made;
  fail(made, "v");
  const auto overflow = make_overflow_file(scratch.path(""), "p", LetterPayload::none);
  auto dropping = std::make_unique<FileDescriptor>(open_it(scratch));  // as `weir dlq drop` does
  REQUIRE(::flock(dropping->get(), LOCK_EX | LOCK_NB) == 0);
  Status status;
  std::thread worker([&] {
    const DeadLetter letter{&made.record(), "", ""};
    status = overflow->keep({&letter, 1});
  });
  scratch.write("new", "kept\n");
  std::filesystem::rename(scratch.path("new"), scratch.path(kFile));
  dropping.reset();
  worker.join();
  CHECK(status.ok());
  CHECK(scratch.read(kFile).starts_with("kept\n{\"error\""));
}

TEST_CASE("the overflow of encrypted dead letters holds what the seal made, and says so") {
  const Scratch scratch;
  MadeRecord made;
  fail(made, "canary");
  made.record().set_slot(WEIR_VALUE, bytes_of("sealed"));
  const auto overflow = make_overflow_file(scratch.path(""), "p", LetterPayload::encrypted);
  const DeadLetter letter{&made.record(), "", ""};
  REQUIRE(overflow->keep({&letter, 1}).ok());
  CHECK(
      scratch.read(kFile) ==
      R"({"value":"sealed","error":{"pipeline":"p","code":"E_DATA","message":"bad","field":"a.b","payload":"encrypted"}})"
      "\n");
}
