#include "cli/dlq/replayed.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "crypto/fingerprint.h"
#include "scratch.h"

using namespace weir::host;
using namespace weir::host::cli;

namespace {

Replayed opened(const std::string& letters, const std::string& identity) {
  auto replayed = Replayed::open(letters, identity);
  REQUIRE(replayed.ok());
  return *std::move(replayed);
}

Replayed read(const std::string& letters, const std::string& identity) {
  auto replayed = Replayed::read(letters, identity);
  REQUIRE(replayed.ok());
  return *std::move(replayed);
}

Replayed::Line line(std::uint64_t offset, const std::string& text) { return {offset, crypto::fingerprint(text)}; }

}  // namespace

TEST_CASE("a line counts as replayed where it stood, as it stood, in the file it stood in") {
  const Scratch scratch;
  const std::string letters = scratch.path("bad");
  REQUIRE(opened(letters, "file-1").add({line(0, "a"), line(2, "b")}).ok());
  const Replayed same = read(letters, "file-1");
  CHECK(same.contains(0, "a"));
  CHECK(same.contains(2, "b"));
  CHECK_FALSE(same.contains(2, "a"));
  CHECK_FALSE(same.contains(4, "a"));
  const Replayed other = read(letters, "file-2");
  CHECK_FALSE(other.contains(0, "a"));
  CHECK(other.foreign() == 2);
}

TEST_CASE("it is readable for its owner alone, and one at a time adds to it") {
  const Scratch scratch;
  const std::string letters = scratch.path("bad");
  const Replayed first = opened(letters, "f");
  struct stat found {};
  REQUIRE(stat((letters + ".replayed").c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  CHECK(Replayed::open(letters, "f").status().code() == WEIR_E_CONFIG);
  CHECK(Replayed::read(letters, "f").ok());
}

TEST_CASE("a torn last line is cut, and a damaged one does not count") {
  const Scratch scratch;
  const std::string letters = scratch.path("bad");
  const std::string good = "f 0 " + crypto::fingerprint("a") + "\n";
  scratch.write("bad.replayed", good + "no line\nf x y\nf 5 " + crypto::fingerprint("b").substr(0, 7));
  {
    Replayed replayed = opened(letters, "f");
    CHECK(replayed.size() == 1);
    CHECK(replayed.contains(0, "a"));
    REQUIRE(replayed.add({line(9, "c")}).ok());
  }
  CHECK(scratch.read("bad.replayed") == good + "no line\nf x y\nf 9 " + crypto::fingerprint("c") + "\n");
}

TEST_CASE("only lines of the file that took the place of another stay, and an empty file goes") {
  const Scratch scratch;
  const std::string letters = scratch.path("bad");
  Replayed replayed = opened(letters, "old");
  REQUIRE(replayed.add({line(0, "a"), line(2, "b"), line(4, "c")}).ok());
  REQUIRE(replayed.append("new", {line(0, "b")}).ok());
  REQUIRE(replayed.keep_only("new").ok());
  CHECK(scratch.read("bad.replayed") == "new 0 " + crypto::fingerprint("b") + "\n");
  REQUIRE(replayed.keep_only("newer").ok());
  CHECK_FALSE(std::filesystem::exists(letters + ".replayed"));
}

TEST_CASE("it lies beside the file that a link names") {
  const Scratch scratch;
  std::filesystem::create_directory(scratch.path("logs"));
  scratch.write("logs/bad", "");
  std::filesystem::create_symlink(scratch.path("logs/bad"), scratch.path("link"));
  REQUIRE(opened(scratch.path("link"), "f").add({line(0, "a")}).ok());
  CHECK(read(scratch.path("logs/bad"), "f").contains(0, "a"));
}
