#include "marks.h"

#include <catch2/catch.hpp>

#include "pattern.h"
#include "testing/scratch_folder.h"

namespace weir::plugins {
namespace {

TEST_CASE("a position reads as it was written, and of the first file as a plain number") {
  CHECK(to_text(Place{500, 1}) == "500");
  CHECK(to_text(Place{500, 2}) == "500@2");
  for (const Place& place : {Place{0, 1}, Place{18'446'744'073'709'551'615U, 1}, Place{7, 4'294'967'295U}}) {
    const auto again = parse_place(to_text(place));
    REQUIRE(again);
    CHECK(again->offset == place.offset);
    CHECK(again->generation == place.generation);
  }
  for (const char* text : {"", "x", "-1", "5 ", "5@", "5@0", "5@x", "@2", "18446744073709551616"})
    CHECK_FALSE(parse_place(text));
}

TEST_CASE("the files of a path read as they were written") {
  const std::vector<Seen> history{{3, {}, {}}, {2, {2049, 131}, {1024, 0x9f}}, {1, {7, 8}, fingerprint_of("abc"), 77}};
  const auto again = parse_history(to_text(history));
  REQUIRE(again.size() == 3);
  CHECK(to_text(again) == to_text(history));
  CHECK(again[1].key == FileKey{2049, 131});
  CHECK(again[2].first == fingerprint_of("abc"));
  CHECK(again[2].length == 77);
  CHECK_FALSE(again[1].length);
  for (const char* text : {"", "1", "1 2:3", "1 2:3 4", "1 2:3 4:5,", "1 2:3 9999:5", "1 2:3 4:zz", "1 2:3 4:5 x"}) {
    const std::string as_text(text);
    CHECK(parse_history(as_text).size() == (as_text == "1 2:3 4:5," ? 1 : 0));
  }
}

TEST_CASE("whose an inode is reads as it was written, blanks in the path too") {
  const auto owner = parse_owner(to_text(Owner{"/a b/c", 4, fingerprint_of("x")}));
  REQUIRE(owner);
  CHECK(owner->chain == "/a b/c");
  CHECK(owner->generation == 4);
  CHECK(owner->first == fingerprint_of("x"));
  CHECK_FALSE(parse_owner("4 1:2"));
  CHECK_FALSE(parse_owner("/a"));
}

TEST_CASE("a fingerprint is of the first KiB") {
  const std::string text(3000, 'x');
  CHECK(fingerprint_of(text) == fingerprint_of(text.substr(0, 1024)));
  CHECK(fingerprint_of(text.substr(0, 10)) != fingerprint_of(text.substr(0, 11)));
  CHECK(fingerprint_of("") == Fingerprint{});
}

TEST_CASE("a pattern lists what it matches") {
  const testing_support::ScratchFolder folder;
  for (const char* sub : {"x", "y", "y/z"}) std::filesystem::create_directory(folder.path(sub));
  for (const char* name : {"x/b.log", "x/a.log", "y/c.log", "y/z/d.log", ".hidden.log", "e.log", "x/f.txt"})
    folder.write(name, "");
  const auto listed = [&](const char* pattern) {
    std::string names;
    for (const std::string& path : Pattern(folder.path(pattern)).files()) {
      CHECK(Pattern(folder.path(pattern)).matches(path));
      names += path.substr(folder.path("").size()) + ' ';
    }
    return names;
  };
  CHECK(listed("*.log") == "e.log ");
  CHECK(listed("*/*.log") == "x/a.log x/b.log y/c.log ");
  CHECK(listed("x/?.[lt]*") == "x/a.log x/b.log x/f.txt ");
  CHECK(listed(".h*") == ".hidden.log ");
  CHECK(listed("nothing/*") == "");
  CHECK(listed("missing.log") == "missing.log ");
  CHECK_FALSE(Pattern(folder.path("*")).matches(folder.path("x/a.log")));
  CHECK_FALSE(Pattern(folder.path("*.log")).matches(folder.path(".hidden.log")));
}

}  // namespace
}  // namespace weir::plugins
