#include "list_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "testing/scratch_folder.h"

namespace weir::plugins {
namespace {

using std::chrono::milliseconds;
using Found = ListFile::Found;

/// A list in a folder of its own, under a clock of the test's own.
struct Listed {
  Listed() { write("mpid:1\n"); }

  /// Every version of the file has a time of its own, an hour ago.
  void write(std::string_view text, const char* name = "list") {
    folder.write(name, text);
    touch(name);
  }
  void touch(const char* name = "list") {
    const auto hour_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
    std::filesystem::last_write_time(folder.path(name), hour_ago + milliseconds(++versions));
  }
  Found look_after(milliseconds time) { return file.look(now += time); }
  /// Two looks a second apart: a change is seen, then taken.
  Found look_twice() {
    const Found first = look_after(milliseconds(1000));
    return first == Found::nothing ? look_after(milliseconds(1000)) : first;
  }
  bool has(std::string_view mpid) { return file.set()->contains(hasher.hash(0, mpid)); }

  testing_support::ScratchFolder folder;
  IdentityHasher hasher{{"mpid"}};
  ListFile file{folder.path("list"), hasher};
  ListFile::Clock::time_point now{};
  int versions = 0;
};

TEST_CASE("the first list is taken as it is, an empty one too") {
  Listed list;
  list.file.load();
  CHECK(list.has("1"));
  list.write("# nobody yet\n");
  ListFile empty(list.folder.path("list"), list.hasher);
  empty.load();
  CHECK(empty.set()->size() == 0);
}

TEST_CASE("without a usable first list loading fails") {
  Listed list;
  ListFile missing(list.folder.path("missing"), list.hasher);
  CHECK_THROWS_WITH(missing.load(), "cannot be opened: No such file or directory");
  ListFile folder(list.folder.path("."), list.hasher);
  CHECK_THROWS_WITH(folder.load(), "is not a regular file");
  REQUIRE(mkfifo(list.folder.path("pipe").c_str(), 0600) == 0);
  ListFile pipe(list.folder.path("pipe"), list.hasher);
  CHECK_THROWS_WITH(pipe.load(), "is not a regular file");
  list.write("oops\n");
  CHECK_THROWS_WITH(list.file.load(), "line 1 has no colon: kind:value is asked for");
}

TEST_CASE("a first list that was just written is read when it has been stable for a second") {
  Listed list;
  list.folder.write("list", "mpid:7\n");
  const auto begun = std::chrono::steady_clock::now();
  list.file.load();
  CHECK(list.has("7"));
  CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(500));
}

TEST_CASE("a change is taken when the file looked the same a second before") {
  Listed list;
  list.file.load();
  CHECK(list.look_after(milliseconds(1000)) == Found::nothing);
  list.write("mpid:2\n");
  CHECK(list.look_after(milliseconds(1000)) == Found::nothing);
  CHECK(list.has("1"));
  CHECK(list.look_after(milliseconds(999)) == Found::nothing);
  CHECK(list.look_after(milliseconds(1)) == Found::new_set);
  CHECK(list.has("2"));
  CHECK_FALSE(list.has("1"));
  CHECK(list.look_after(milliseconds(1000)) == Found::nothing);
}

TEST_CASE("a file that is being written is left alone until it is stable") {
  Listed list;
  list.file.load();
  for (const char* text : {"mpid:2\n", "mpid:2\nmpid:3\n", "mpid:2\nmpid:3\nmp"}) {
    list.write(text);
    CHECK(list.look_after(milliseconds(1000)) == Found::nothing);
  }
  list.write("mpid:2\nmpid:3\nmpid:4\n");
  CHECK(list.look_twice() == Found::new_set);
  CHECK(list.file.set()->size() == 3);
}

TEST_CASE("a file that keeps changing for a minute is trouble, until it is stable") {
  Listed list;
  list.file.load();
  list.touch();
  CHECK(list.look_after(milliseconds(1000)) == Found::nothing);
  for (int look = 1; look < 60; ++look) {
    list.touch();
    REQUIRE(list.look_after(milliseconds(1000)) == Found::nothing);
  }
  list.write("mpid:2\n");
  CHECK(list.look_after(milliseconds(1000)) == Found::trouble);
  CHECK(list.file.problem() == "keeps changing");
  CHECK(list.has("1"));
  CHECK(list.look_after(milliseconds(1000)) == Found::new_set);
  CHECK(list.file.problem().empty());
  CHECK(list.has("2"));
}

TEST_CASE("the same size with another time is a change, and so is another file of the same size and time") {
  Listed list;
  list.file.load();
  list.write("mpid:2\n");
  CHECK(list.look_twice() == Found::new_set);
  CHECK(list.has("2"));
  list.folder.write("new", "mpid:3\n");
  std::filesystem::last_write_time(list.folder.path("new"), std::filesystem::last_write_time(list.folder.path("list")));
  std::filesystem::rename(list.folder.path("new"), list.folder.path("list"));
  CHECK(list.look_twice() == Found::new_set);
  CHECK(list.has("3"));
}

TEST_CASE("a bad list is not taken, is trouble for as long as it lies there, and a good one mends it") {
  Listed list;
  list.file.load();
  list.write("mpid:2\nphone:3\n");
  CHECK(list.look_twice() == Found::trouble);
  CHECK(list.file.problem() == "line 2 begins with a kind that `identities` does not name");
  CHECK(list.look_after(milliseconds(1000)) == Found::trouble);
  CHECK(list.has("1"));
  CHECK_FALSE(list.has("2"));
  list.write("mpid:2\n");
  CHECK(list.look_twice() == Found::new_set);
  CHECK(list.file.problem().empty());
  CHECK(list.has("2"));
}

TEST_CASE("a list that is gone is trouble at once; the old set stays") {
  Listed list;
  list.file.load();
  std::filesystem::rename(list.folder.path("list"), list.folder.path("away"));
  CHECK(list.look_after(milliseconds(1000)) == Found::trouble);
  CHECK(list.file.problem() == "cannot be opened: No such file or directory");
  CHECK(list.has("1"));
  std::filesystem::create_directory(list.folder.path("list"));
  CHECK(list.look_after(milliseconds(1000)) == Found::trouble);
  CHECK(list.file.problem() == "is not a regular file");
  std::filesystem::remove(list.folder.path("list"));
  std::filesystem::rename(list.folder.path("away"), list.folder.path("list"));
  CHECK(list.look_after(milliseconds(1000)) == Found::nothing);
  CHECK(list.file.problem().empty());
}

TEST_CASE("a list that was emptied is not taken, one that always was empty may change") {
  Listed list;
  list.file.load();
  for (const char* text : {"", "# nobody\n", "\n\n"}) {
    list.write(text);
    CHECK(list.look_twice() == Found::trouble);
    CHECK(list.file.problem() == "was emptied");
    CHECK(list.has("1"));
  }
  list.write("# nobody\n");
  ListFile empty(list.folder.path("list"), list.hasher);
  empty.load();
  list.touch();
  CHECK(empty.look(list.now) == Found::nothing);
  CHECK(empty.look(list.now + milliseconds(1000)) == Found::new_set);
  CHECK(empty.set()->size() == 0);
}

}  // namespace
}  // namespace weir::plugins
