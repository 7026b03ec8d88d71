#include "cli/dlq/file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "scratch.h"

using namespace weir::host;
using namespace weir::host::cli;

namespace {

LetterFile opened(const std::string& path) {
  auto file = LetterFile::open(path);
  REQUIRE(file.ok());
  return *std::move(file);
}

struct Seen {
  std::uint64_t number;
  std::uint64_t offset;
  std::string text;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> lines_of(LetterFile& file) {
  std::vector<Seen> seen;
  LetterFile::Line line;
  while (file.next(line)) seen.push_back({line.number, line.offset, std::string(line.text)});
  return seen;
}

}  // namespace

TEST_CASE("lines have their number and offset, and a torn last one is not among them") {
  const Scratch scratch;
  LetterFile file = opened(scratch.write("f", "one\n\nthree\ntor"));
  CHECK(lines_of(file) == std::vector<Seen>{{1, 0, "one"}, {2, 4, ""}, {3, 5, "three"}});
  CHECK(file.torn() == 3);
  CHECK(file.status().ok());
}

TEST_CASE("lines longer than a read come whole") {
  const Scratch scratch;
  const std::string lengthy(700'000, 'x');
  LetterFile file = opened(scratch.write("f", "a\n" + lengthy + "\n" + lengthy + "y\nb\n"));
  CHECK(lines_of(file) ==
        std::vector<Seen>{{1, 0, "a"}, {2, 2, lengthy}, {3, 700'003, lengthy + "y"}, {4, 1'400'005, "b"}});
  CHECK(file.torn() == 0);
}

TEST_CASE("what is appended after it was opened is not read") {
  const Scratch scratch;
  const std::string path = scratch.write("f", "one\n");
  LetterFile file = opened(path);
  std::ofstream(path, std::ios::app) << "two\n";
  CHECK(lines_of(file).size() == 1);
}

TEST_CASE("a file that is shortened while it is read ends there") {
  const Scratch scratch;
  const std::string path = scratch.write("f", std::string(300'000, 'x') + "\n" + std::string(300'000, 'y') + "\n");
  LetterFile file = opened(path);
  std::filesystem::resize_file(path, 300'001);
  CHECK(lines_of(file).size() == 1);
  CHECK(file.status().ok());
}

TEST_CASE("only files are read") {
  const Scratch scratch;
  CHECK(LetterFile::open(scratch.path("missing")).status().code() == WEIR_E_CONFIG);
  CHECK(LetterFile::open(scratch.path("")).status().code() == WEIR_E_CONFIG);
  REQUIRE(mkfifo(scratch.path("pipe").c_str(), 0600) == 0);
  CHECK(LetterFile::open(scratch.path("pipe")).status().code() == WEIR_E_CONFIG);
}

TEST_CASE("a file keeps its identity while it grows, and gives it to no other one") {
  const Scratch scratch;
  const std::string path = scratch.write("f", "one\n");
  const std::string identity = opened(path).identity();
  std::ofstream(path, std::ios::app) << "two\n";
  CHECK(opened(path).identity() == identity);
  scratch.write("g", "one\n");
  std::filesystem::rename(scratch.path("g"), path);
  CHECK(opened(path).identity() != identity);
}
