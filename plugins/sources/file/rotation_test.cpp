// Files that are renamed, copied, truncated, compressed and removed while they are followed, and between two runs.
#include <algorithm>
#include <catch2/catch.hpp>

#include "followed.h"
#include "unpacking/packed.h"

namespace weir::plugins {
namespace {

TEST_CASE("a renamed file is read to its end before its successor, and not again") {
  for (const char* pattern : {"a.log", "a.log*"}) {
    const ScratchFolder folder;
    folder.write("a.log", head("first") + "1\n");
    Followed source(folder, pattern);
    CHECK(source.read(2) == Texts{line(head("first")), "1"});
    rename(folder, "a.log", "a.log.1");
    folder.append("a.log.1", "2\n");
    folder.write("a.log", head("second"));
    folder.append("a.log.1", "3\n");
    CHECK(source.read(3) == Texts{"2", "3", line(head("second"))});
    CHECK(source.stored().at(folder.path("a.log")) == std::to_string(head("second").size()) + "@2");
    source.restart();
    folder.append("a.log", "4\n");
    CHECK(source.read(1) == Texts{"4"});
    CHECK(source.read_on().empty());
  }
}

TEST_CASE("a worker killed between a rename and the end of the file goes on in the renamed one") {
  for (const char* pattern : {"a.log", "a.log*"}) {
    for (const bool follows : {true, false}) {
      const ScratchFolder folder;
      folder.write("a.log", head("first") + "1\n");
      Followed source(folder, pattern, follows);
      CHECK(source.read(2).size() == 2);
      folder.append("a.log", "2\n");
      rename(folder, "a.log", "a.log.1");
      folder.write("a.log", head("second"));
      source.restart();
      CHECK(source.read(2) == Texts{"2", line(head("second"))});
      source.restart();
      CHECK(source.read_on().empty());
    }
  }
}

TEST_CASE("after several rotations while the worker was down nothing is lost or read twice") {
  const ScratchFolder folder;
  folder.write("a.log", head("first") + "1\n");
  Followed source(folder, "a.log*");
  CHECK(source.read(2).size() == 2);
  for (int i = 0; i < 3; ++i) {
    for (int old = 3; old > 0; --old) {
      if (std::filesystem::exists(folder.path("a.log." + std::to_string(old))))
        rename(folder, ("a.log." + std::to_string(old)).c_str(), ("a.log." + std::to_string(old + 1)).c_str());
    }
    folder.append("a.log", "end " + std::to_string(i) + "\n");
    rename(folder, "a.log", "a.log.1");
    folder.write("a.log", head("file " + std::to_string(i)));
  }
  source.restart();
  Texts lines = source.read(6);
  std::sort(lines.begin(), lines.end());
  Texts wanted{"end 0", "end 1", "end 2", line(head("file 0")), line(head("file 1")), line(head("file 2"))};
  CHECK(lines == wanted);
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("a file that was copied and truncated begins anew, after what only the copy holds") {
  for (const char* pattern : {"a.log", "a.log*"}) {
    const ScratchFolder folder;
    folder.write("a.log", head("first") + "1\n");
    Followed source(folder, pattern);
    CHECK(source.read(2).size() == 2);
    folder.append("a.log", "2\n");
    copy(folder, "a.log", "a.log.1");
    truncate(folder, "a.log");
    folder.append("a.log", head("second"));
    CHECK(source.read(2) == Texts{"2", line(head("second"))});
    source.restart();
    CHECK(source.read_on().empty());
  }
}

TEST_CASE("a copy made while the worker was down is read behind the position") {
  for (const bool follows : {true, false}) {
    const ScratchFolder folder;
    folder.write("a.log", head("first") + "1\n");
    Followed source(folder, "a.log*", follows);
    CHECK(source.read(2).size() == 2);
    folder.append("a.log", "2\n");
    copy(folder, "a.log", "a.log.1");
    truncate(folder, "a.log");
    folder.append("a.log", head("second") + "a longer one than the first was\n");
    source.restart();
    CHECK(source.read(3) == Texts{"2", line(head("second")), "a longer one than the first was"});
    source.restart();
    CHECK(source.read_on() == Texts{});
  }
}

TEST_CASE("a truncated file without a copy begins anew, with a warning of what is lost") {
  const ScratchFolder folder;
  folder.write("a.log", head("first"));
  Followed source(folder, "a.log");
  CHECK(source.read(1).size() == 1);
  truncate(folder, "a.log");
  folder.append("a.log", head("second") + "longer than it was\n");
  CHECK(source.read(2) == Texts{line(head("second")), "longer than it was"});
  CHECK(source.has_warned("no copy of it is beside it"));
  const std::string read = std::to_string(head("second").size() + std::string("longer than it was\n").size());
  truncate(folder, "a.log");
  folder.append("a.log", head("third") + "and this is much longer than it was before\n");
  source.restart();
  CHECK(source.read(2) == Texts{line(head("third")), "and this is much longer than it was before"});
  CHECK(source.has_warned("does not begin as it did"));
  CHECK(source.has_warned("read=" + read));
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("a rotated file that was compressed is read on where it was, and not again") {
  const ScratchFolder folder;
  folder.write("a.log", head("first") + "1\n");
  Followed source(folder, "a.log*");
  CHECK(source.read(2).size() == 2);
  folder.write("a.log.1.gz", testing_support::packed(Packing::gzip, head("first") + "1\n2\n"));
  folder.write("b.tmp", head("second"));  // another inode than that of the old file
  std::filesystem::remove(folder.path("a.log"));
  rename(folder, "b.tmp", "a.log");
  source.restart();
  CHECK(source.read(2) == Texts{"2", line(head("second"))});
  source.restart();
  CHECK(source.read_on().empty());
  rename(folder, "a.log", "a.log.2");
  folder.write("a.log", head("third"));
  CHECK(source.read(1) == Texts{line(head("third"))});
  folder.write("a.log.2.gz", testing_support::packed(Packing::gzip, head("second")));
  std::filesystem::remove(folder.path("a.log.2"));
  CHECK(source.read_on().empty());
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("a file that is removed makes room for a new one of its name") {
  const ScratchFolder folder;
  folder.write("a.log", head("first"));
  Followed source(folder, "a.log");
  CHECK(source.read(1).size() == 1);
  std::filesystem::remove(folder.path("a.log"));
  CHECK(source.read(1).empty());
  folder.write("a.log", head("second") + "longer\n");
  CHECK(source.read(2) == Texts{line(head("second")), "longer"});
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("a file that comes later is read from its start") {
  const ScratchFolder folder;
  Followed source(folder, "*.log");
  CHECK(source.read_on().empty());
  folder.write("a.log", "1\n");
  folder.write("b.log", "2\n");
  CHECK(source.read(2) == Texts{"1", "2"});
  folder.append("a.log", "3\n");
  CHECK(source.read(1) == Texts{"3"});
}

TEST_CASE("a copied file goes on where it was, whatever its inode") {
  const ScratchFolder folder;
  folder.write("a.log", head("first") + "1\n");
  Followed source(folder, "a.log", false);
  CHECK(source.read(2).size() == 2);
  copy(folder, "a.log", "restored");
  std::filesystem::remove(folder.path("a.log"));
  rename(folder, "restored", "a.log");
  folder.append("a.log", "2\n");
  source.restart();
  CHECK(source.read(1) == Texts{"2"});
}

TEST_CASE("what was not read yet may be mended in place") {
  const ScratchFolder folder;
  folder.write("a.log", "1\nbroken, and to be mended\n3\n");
  Followed source(folder, "a.log", false);
  source.store({{folder.path("a.log"), "2"},
                {history_partition(folder.path("a.log")),
                 to_text(std::vector<Seen>{
                     {1, look_at(folder.path("a.log"))->key, fingerprint_of("1\nbroken, and to be mended\n3\n")}})}});
  folder.write("a.log", "1\n2\n3\n");
  source.restart();
  CHECK(source.read(2) == Texts{"2", "3"});
  source.restart();
  CHECK(source.read_on() == Texts{});
}

TEST_CASE("files that hold the same are read each") {
  const ScratchFolder folder;
  folder.write("a.log", head("same") + "1\n");
  folder.write("b.log", head("same") + "1\n");
  folder.write("a.log.1", head("same") + "1\n");
  Followed source(folder, "*", false);
  CHECK(source.read(6).size() == 6);
}

TEST_CASE("a position that is none, and another file of that name, are fatal") {
  const ScratchFolder folder;
  folder.write("a.log", head("first") + "1\n");
  Followed source(folder, "a.log", false);
  CHECK(source.read(2).size() == 2);
  std::filesystem::remove(folder.path("a.log"));
  folder.write("a.log", head("other") + "and longer than the one that was read\n");
  source.restart();
  CHECK(source.start_error().find("does not begin as it did") != std::string::npos);
}

}  // namespace
}  // namespace weir::plugins
