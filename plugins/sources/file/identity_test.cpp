// Which file is which: what tells, what does not, and what is read again rather than never.
#include <algorithm>
#include <catch2/catch.hpp>

#include "followed.h"
#include "names.h"
#include "patience.h"
#include "unpacking/packed.h"

namespace weir::plugins {
namespace {

std::string packed(const std::string& text) { return testing_support::packed(Packing::gzip, text); }

/// More than tells files apart, as the header of a table may be.
std::string long_header() { return std::string(2 * Fingerprint::kBytes, 'h') + "\n"; }

TEST_CASE("a file may have been found under the names before its own") {
  CHECK(earlier_names("/a-b/x.log.3.gz") ==
        Texts{"/a-b/x.log.3", "/a-b/x.log.2", "/a-b/x.log.1", "/a-b/x.log.0", "/a-b/x.log", "/a-b/x"});
  CHECK(earlier_names("/x-20260101.zst") == Texts{"/x-20260101", "/x"});
  CHECK(earlier_names("/.hidden").empty());
  CHECK(earlier_names("/x") == Texts{});
}

TEST_CASE("a file found under a rotated name is known when it has moved on and was compressed") {
  const ScratchFolder folder;
  folder.write("a.log.1", head("first") + "1\n");
  Followed source(folder, "a.log*");
  CHECK(source.read(2).size() == 2);
  folder.write("a.log.3.gz", packed(head("first") + "1\n2\n"));
  std::filesystem::remove(folder.path("a.log.1"));
  folder.write("a.log.1", head("second"));
  source.restart();
  Texts lines = source.read(2);
  std::sort(lines.begin(), lines.end());
  CHECK(lines == Texts{"2", line(head("second"))});
  rename(folder, "a.log.3.gz", "a.log.4.gz");
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("a file that was known but not begun when the worker died is new") {
  const ScratchFolder folder;
  const std::string path = folder.write("a.log", head("first") + "1\n");
  const FileKey gone{1, 1};
  Followed source(folder, "a.log*");
  source.store(
      {{path, std::to_string(head("first").size())},
       {history_partition(path), to_text(std::vector<Seen>{{2, gone, fingerprint_of(head("second"))},
                                                           {1, look_at(path)->key, fingerprint_of(head("first"))}})}});
  folder.write("a.log.1.gz", packed(head("second") + "2\n"));
  source.restart();
  Texts lines = source.read(3);
  std::sort(lines.begin(), lines.end());
  CHECK(lines == Texts{"1", "2", line(head("second"))});
}

TEST_CASE("a new file that begins with all that one held is no copy of it") {
  const ScratchFolder folder;
  folder.write("a.log", head("banner"));
  Followed source(folder, "a.log*");
  CHECK(source.read(1).size() == 1);
  folder.write("b.tmp", head("banner") + "2\n");
  std::filesystem::remove(folder.path("a.log"));
  CHECK(source.read(1).empty());  // it is gone for good
  rename(folder, "b.tmp", "a.log.1");
  CHECK(source.read(2) == Texts{line(head("banner")), "2"});
}

TEST_CASE("a new file with the long header of one that was read is told by its length") {
  const ScratchFolder folder;
  const std::string path = folder.write("a.log", head("third"));
  const FileKey gone{1, 1};
  const std::string read = long_header() + "1\n";
  const auto stored = [&](std::uint64_t length) {
    return Stored{
        {path, "0@2"},
        {history_partition(path), to_text(std::vector<Seen>{{2, look_at(path)->key, fingerprint_of(head("third"))},
                                                            {1, gone, fingerprint_of(read), length}})}};
  };
  folder.write("a.log.1", long_header() + "other\n");
  Followed source(folder, "a.log*");
  source.store(stored(read.size()));
  source.restart();
  CHECK(source.read(3).size() == 3);
  source.store(stored(long_header().size() + 6));
  source.restart();
  CHECK(source.read_on() == Texts{line(head("third"))});
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("an inode that was given to a file of another name tells nothing of an empty one") {
  const ScratchFolder folder;
  const std::string path = folder.write("b.log", head("of b") + "1\n");
  const std::string empty = folder.path("a.log");
  const FileKey key = look_at(path)->key;
  Followed source(folder, "*.log");
  source.store({{empty, "0"},
                {history_partition(empty), to_text(std::vector<Seen>{{1, key, {}}})},
                {owner_partition(key), to_text(Owner{empty, 1, {}})}});
  source.restart();
  CHECK(source.read(2).size() == 2);
  CHECK(source.stored().at(empty) == "0");
  CHECK(source.stored().count(path) == 1);
}

TEST_CASE("what is stored of a file's start goes as far as its position") {
  const ScratchFolder folder;
  const std::string path = folder.write("a.log", "");
  Followed source(folder, "a.log");
  CHECK(source.read_on().empty());
  for (int i = 0; i < 30; ++i) {
    folder.append("a.log", std::string(static_cast<std::size_t>(i * 11 + 1), 'x') + "\n");
    REQUIRE(source.read(1).size() == 1);
    const std::uint64_t offset = parse_place(source.stored().at(path))->offset;
    const std::vector<Seen> history = parse_history(source.stored().at(history_partition(path)));
    REQUIRE(history.size() == 1);
    CHECK(history[0].first.bytes >= std::min<std::uint64_t>(offset, Fingerprint::kBytes));
  }
}

TEST_CASE("a followed file that is out of sight for a moment goes on") {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder.path("elsewhere"));
  folder.write("a.log", head("first"));
  Followed source(folder, "a.log");
  CHECK(source.read(1).size() == 1);
  rename(folder, "a.log", "elsewhere/a.log");
  CHECK(source.read_on().empty());
  rename(folder, "elsewhere/a.log", "a.log");
  CHECK(source.read(1).empty());  // longer than a file without a name is waited for
  folder.append("a.log", "2\n");
  CHECK(source.read(1) == Texts{"2"});
}

TEST_CASE("a file that was given up and comes again is read anew") {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder.path("elsewhere"));
  folder.write("a.log", head("first") + "1\n");
  Followed source(folder, "a.log*");
  CHECK(source.read(2).size() == 2);
  rename(folder, "a.log", "elsewhere/a.log");
  folder.write("a.log", head("second"));
  source.restart();
  CHECK(source.read(1) == Texts{line(head("second"))});
  CHECK(source.has_warned("is gone"));
  rename(folder, "elsewhere/a.log", "a.log.1");
  CHECK(source.read(2) == Texts{line(head("first")), "1"});
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("a rotated file of a few bytes is not read twice while the worker lives") {
  const ScratchFolder folder;
  folder.write("a.log", "1\n");
  Followed source(folder, "a.log*");
  CHECK(source.read(1) == Texts{"1"});
  rename(folder, "a.log", "a.log.1");
  folder.write("a.log", "2\n");
  CHECK(source.read(1) == Texts{"2"});
  CHECK(source.read_on().empty());
  rename(folder, "a.log.1", "a.log.2");
  CHECK(source.read_on().empty());
}

TEST_CASE("a compressed file that ends before its position is read anew where it is followed") {
  const ScratchFolder folder;
  const std::string path = folder.write("a.log.gz", packed(head("first") + "1\n"));
  const std::string start = head("first") + "1\n";
  Followed source(folder, "a.log.gz");
  source.store({{path, "1000"},
                {history_partition(path), to_text(std::vector<Seen>{{1, look_at(path)->key, fingerprint_of(start)}})}});
  source.restart();
  CHECK(source.read(2) == Texts{line(head("first")), "1"});
  CHECK(source.has_warned("read=1000"));
  source.restart();
  CHECK(source.read_on().empty());
}

TEST_CASE("a copy that does not go as far as was read is not taken for the file") {
  const ScratchFolder folder;
  folder.write("a.log.gz", packed(head("first") + "1\n"));
  Followed source(folder, "a.log*");
  CHECK(source.read(2).size() == 2);
  folder.write("a.log.gz.part", "");
  folder.write("a.log.zst", testing_support::packed(Packing::zstd, head("first")));  // one line less
  std::filesystem::remove(folder.path("a.log.gz"));
  CHECK(source.read(1) == Texts{line(head("first"))});  // nothing tells that it is one
  folder.write("a.log.zst", testing_support::packed(Packing::zstd, "x\n"));
  CHECK(source.read(1) == Texts{"x"});
}

TEST_CASE("what is missing at one look is not missing yet") {
  Patience none{std::chrono::milliseconds(0)};
  CHECK_FALSE(none.ends_now());
  CHECK_FALSE(none.ends_now());
  CHECK(none.ends_now());
  none.begin_anew();
  CHECK_FALSE(none.ends_now());
  Patience long_one{std::chrono::hours(1)};
  for (int i = 0; i < 10; ++i) CHECK_FALSE(long_one.ends_now());
}

}  // namespace
}  // namespace weir::plugins
