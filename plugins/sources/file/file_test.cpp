#include "file.h"

#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <thread>
#include <weir/testing.hpp>

#include "testing/scratch_folder.h"
#include "unpacking/packed.h"

namespace weir::plugins {
namespace {

using testing_support::ScratchFolder;
using Runner = testing::Source<FileSource>;

std::string config(const std::string& path, const std::string& more = "") {
  return R"({"path":")" + path + "\"" + more + "}";
}

std::vector<std::string> values(const std::vector<testing::Polled>& polled) {
  std::vector<std::string> values;
  for (const testing::Polled& record : polled) values.push_back(record.message.value.value_or("(null)"));
  return values;
}

std::vector<std::string> offsets(const std::vector<testing::Polled>& polled) {
  std::vector<std::string> offsets;
  for (const testing::Polled& record : polled) offsets.push_back(record.position.offset);
  return offsets;
}

/// What start says: "" when it succeeds.
std::string start_error(Runner& source) {
  try {
    source.start();
  } catch (const FatalError& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

using Texts = std::vector<std::string>;

/// Records of the next poll that has any: one that only stores what a file is has none.
std::vector<testing::Polled> next_poll(Runner& source, std::uint32_t limit) {
  std::vector<testing::Polled> polled;
  for (int i = 0; i < 5 && polled.empty() && !source.ended(); ++i) polled = source.poll(limit);
  return polled;
}

TEST_CASE("each line is a record whose position is the byte after it") {
  const ScratchFolder folder;
  const std::string path = folder.write("in", "\xEF\xBB\xBF{\"a\":1}\r\n\n  \n{\"b\":2}\nlast");
  Runner source(config(path));
  const auto all = source.drain();
  CHECK(source.ended());
  CHECK(values(all) == Texts{R"({"a":1})", R"({"b":2})", "last"});
  CHECK(offsets(all) == Texts{"12", "24", "28"});
  for (const auto& record : all) CHECK(record.position.partition == path);
}

TEST_CASE("a file read to its end is at the end when it is read again") {
  const ScratchFolder folder;
  const std::string path = folder.write("in", "a\nb\n\n");
  Runner source(config(path), {.positions = {{path, "4"}}});
  CHECK(source.drain().empty());
  CHECK(source.ended());
  Runner empty(config(folder.write("empty", "")));
  CHECK(empty.drain().empty());
  CHECK(empty.ended());
}

TEST_CASE("a restart goes on after the stored position") {
  const ScratchFolder folder;
  const std::string path = folder.write("in", "a\nb\nc\n");
  Runner source(config(path), {.positions = {{path, "2"}}});
  const auto rest = source.drain();
  CHECK(values(rest) == Texts{"b", "c"});
  CHECK(offsets(rest) == Texts{"4", "6"});
}

TEST_CASE("each poll of a file brings a record, however long its lines are") {
  const ScratchFolder folder;
  const Texts lines{std::string(300, 'a'), std::string(400'000, 'b'), std::string(100'000, 'c'), std::string(90, 'd')};
  Runner source(config(folder.write("in", lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n\n\n" + lines[3] + "\n")));
  Texts all;
  while (all.size() < lines.size()) {
    const Texts polled = values(source.poll());
    REQUIRE(!polled.empty());
    all.insert(all.end(), polled.begin(), polled.end());
  }
  CHECK(all == lines);
}

TEST_CASE("a file shorter than its position is fatal and the message names --fresh") {
  const ScratchFolder folder;
  const std::string path = folder.write("in", "a\n");
  Runner source(config(path), {.positions = {{path, "3"}}});
  const std::string error = start_error(source);
  CHECK(says(error, path));
  CHECK(says(error, "shorter"));
  CHECK(says(error, "--fresh"));
  Runner no_offset(config(path), {.positions = {{path, "x1"}}});
  CHECK(says(start_error(no_offset), "--fresh"));
}

TEST_CASE("a line over max_line_bytes fails without payload and the rest goes on") {
  const ScratchFolder folder;
  const std::string path =
      folder.write("in", "a\n" + std::string(300'000, 'x') + "\nb\n" + std::string(1025, 'y') + "\n");
  Runner source(config(path, R"(,"max_line_bytes":"1KiB")"));
  const auto all = source.drain();
  CHECK(values(all) == Texts{"a", "(null)", "b", "(null)"});
  CHECK(offsets(all) == Texts{"2", "300003", "300005", "301031"});
  CHECK_FALSE(all[0].failure);
  CHECK(all[1].failure);
  CHECK(all[3].failure);
}

TEST_CASE("a line over a quarter of memory fails") {
  const ScratchFolder folder;
  const std::string path = folder.write("in", std::string(300'000, 'x') + "\n" + std::string(200'000, 'y') + "\n");
  Runner source(config(path), {.memory = 1 << 20});
  const auto all = source.drain();
  REQUIRE(all.size() == 2);
  CHECK(all[0].failure);
  CHECK(all[1].message.value->size() == 200'000);
}

TEST_CASE("many lines come out in order, whatever the limits of a poll") {
  const ScratchFolder folder;
  std::string text;
  Texts lines;
  for (int i = 0; i < 3000; ++i) {
    lines.push_back(std::to_string(i) + std::string(static_cast<std::size_t>(i * 7 % 900), 'x'));
    text += lines.back() + '\n';
  }
  const std::string path = folder.write("in", text);
  for (const std::uint32_t limit : {1U, 7U, 64U}) {
    Runner source(config(path));
    Texts read;
    for (int polls = 0; polls < 10'000 && !source.ended(); ++polls) {
      const auto polled = source.poll(limit, 8192);
      REQUIRE(polled.size() <= limit);
      for (const std::string& value : values(polled)) read.push_back(value);
    }
    CHECK(read == lines);
  }
}

TEST_CASE("what cannot be read is told when the source starts") {
  const ScratchFolder folder;
  Runner missing(config(folder.path("missing")));
  CHECK(says(start_error(missing), "No such file"));
  Runner directory(config(folder.path("")));
  CHECK(says(start_error(directory), "folder"));
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  Runner pipe(config(folder.path("pipe")));
  CHECK(says(start_error(pipe), "not a regular file"));
  if (geteuid() != 0) {  // root reads everything
    chmod(folder.write("closed", "a\n").c_str(), 0);
    Runner closed(config(folder.path("closed")));
    CHECK(says(start_error(closed), "Permission denied"));
  }
}

TEST_CASE("constructing a source opens nothing") {
  CHECK_NOTHROW(Runner(config("/nowhere/at/all")));
  CHECK_THROWS_AS(Runner(config("/x", R"(,"max_line_bytes":"0B")")), ConfigError);
}

TEST_CASE("a followed file gives lines as they are finished") {
  const ScratchFolder folder;
  const std::string path = folder.write("in", "a\nhal");
  Runner source(config(path, R"(,"follow":true)"));
  CHECK(values(source.poll()) == Texts{"a"});
  CHECK(source.poll().empty());
  CHECK_FALSE(source.ended());
  folder.append("in", "f\nb\n");
  CHECK(values(source.poll()) == Texts{"half", "b"});
  CHECK(source.poll().empty());
}

TEST_CASE("a file truncated while it is read is fatal") {
  const ScratchFolder folder;
  Runner source(config(folder.write("in", "a\nb\nc\n")));
  CHECK(next_poll(source, 1).size() == 1);
  folder.write("in", "a\n");
  CHECK_THROWS_AS(source.drain(), FatalError);
}

TEST_CASE("start_at end begins with the first line that begins later, and stores that") {
  const ScratchFolder folder;
  const std::string path = folder.write("in", "old\n");
  Runner source(config(path, R"(,"follow":true,"start_at":"end")"));
  CHECK(source.poll().empty());
  source.store_all();
  CHECK(source.stored().at(path) == "4");
  folder.append("in", "new\n");
  CHECK(values(source.poll()) == Texts{"new"});

  const std::string torn = folder.write("torn", "old\nbegun ");
  Runner inside(config(torn, R"(,"follow":true,"start_at":"end")"));
  CHECK(inside.poll().empty());
  folder.append("torn", "before\nnew\n");
  Texts read;
  for (int i = 0; i < 3; ++i) {
    for (const std::string& value : values(inside.poll())) read.push_back(value);
  }
  CHECK(read == Texts{"new"});

  Runner stored(config(path, R"(,"start_at":"end")"), {.positions = {{path, "0"}}});
  CHECK(values(stored.drain()) == Texts{"old", "new"});
}

TEST_CASE("a wake ends the wait for more") {
  const ScratchFolder folder;
  Runner source(config(folder.write("in", ""), R"(,"follow":true)"));
  source.start();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 3; ++i) {
    source.wake();
    source.poll(64, 128 * 1024, 30'000);
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));
}

TEST_CASE("of several tasks each file has one") {
  const ScratchFolder folder;
  Texts all;
  for (int i = 0; i < 40; ++i) {
    all.push_back("line " + std::to_string(100 + i));
    folder.write("in" + std::to_string(100 + i), all.back() + "\n");
  }
  Runner first(config(folder.path("in*")), {.task = 0, .task_count = 2});
  Runner second(config(folder.path("in*")), {.task = 1, .task_count = 2});
  first.start();
  second.start();
  Texts one = values(first.drain());
  Texts other = values(second.drain());
  CHECK(first.ended());
  CHECK(second.ended());
  CHECK_FALSE(one.empty());
  CHECK_FALSE(other.empty());
  CHECK(std::is_sorted(one.begin(), one.end()));
  one.insert(one.end(), other.begin(), other.end());
  std::sort(one.begin(), one.end());
  CHECK(one == all);
}

TEST_CASE("a pattern reads all that fits in the order of the names, a restart what is left") {
  const ScratchFolder folder;
  for (const char* name : {"b.log", "a.log", "c.txt", ".d.log", "e.log"})
    folder.write(name, std::string(name) + " 1\n" + name + " 2\n");
  Runner source(config(folder.path("*.log")));
  CHECK(values(next_poll(source, 1)) == Texts{"a.log 1"});
  CHECK(values(next_poll(source, 1)) == Texts{"a.log 2"});
  CHECK(values(next_poll(source, 1)) == Texts{"b.log 1"});
  source.store_all();
  Runner again(config(folder.path("*.log")), {.positions = source.stored()});
  CHECK(values(again.drain()) == Texts{"b.log 2", "e.log 1", "e.log 2"});
  again.store_all();
  folder.write("bb.log", "new\n");
  Runner third(config(folder.path("*.log")), {.positions = again.stored()});
  CHECK(values(third.drain()) == Texts{"new"});
}

TEST_CASE("names that are there as they are written need no escapes") {
  const ScratchFolder folder;
  folder.write("a[1].log", "as written\n");
  folder.write("a1.log", "fits\n");
  CHECK(values(Runner(config(folder.path("a[1].log"))).drain()) == Texts{"as written"});
  std::filesystem::remove(folder.path("a[1].log"));
  CHECK(values(Runner(config(folder.path("a[1].log"))).drain()) == Texts{"fits"});
  CHECK_THROWS_AS(Runner(config(folder.path("**/x"))), ConfigError);
}

TEST_CASE("compressed files are read as what they hold, resumed at the byte") {
  const ScratchFolder folder;
  std::string text;
  Texts lines;
  for (int i = 0; i < 5000; ++i) {
    lines.push_back("line " + std::to_string(i * 7919 % 10007));
    text += lines.back() + '\n';
  }
  for (const Packing packing : {Packing::gzip, Packing::zstd}) {
    const std::string bytes = testing_support::packed(packing, text.substr(0, 20'001)) +
                              testing_support::packed(packing, text.substr(20'001));
    const std::string path = folder.write(packing == Packing::gzip ? "in.gz" : "in.zst", bytes);
    Texts read;
    std::map<std::string, std::string> stored;
    for (int life = 0; life < 60 && read.size() < lines.size(); ++life) {
      Runner source(config(path), {.positions = stored});
      for (int polls = 0; polls < 3; ++polls) {
        for (const auto& record : source.poll(37)) read.push_back(*record.message.value);
      }
      source.store_all();
      stored = source.stored();
    }
    CHECK(read == lines);
    CHECK(stored.at(path) == std::to_string(text.size()));
    Runner again(config(path), {.positions = stored});
    CHECK(again.drain().empty());
    CHECK(again.ended());
  }
}

TEST_CASE("a compressed file that is damaged or cut off is fatal after the lines before") {
  const ScratchFolder folder;
  const std::string good = testing_support::packed(Packing::gzip, "a\nb\nc\nhalf");
  const auto error_after = [&](const std::string& bytes, std::size_t wanted) {
    Runner source(config(folder.write("in.gz", bytes)));
    Texts read;
    try {
      for (int i = 0; i < 10 && !source.ended(); ++i) {
        for (const std::string& value : values(source.poll(2))) read.push_back(value);
      }
    } catch (const FatalError& error) {
      CHECK(read.size() == wanted);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(says(error_after(good + "rubbish", 3), "damaged"));
  CHECK(says(error_after(good.substr(0, good.size() - 4), 3), "cut off"));
  CHECK(says(error_after("no gzip at all", 0), "damaged"));
  CHECK(error_after("", 0).empty());
}

TEST_CASE("what the pipeline writes is refused") {
  const ScratchFolder folder;
  const std::string out = folder.path("out.ndjson");
  CHECK_THROWS_AS(Runner(config(folder.path("*.ndjson")), {.outputs = {out}}), ConfigError);
  CHECK_NOTHROW(Runner(config(folder.path("*.log")), {.outputs = {out}}));
  folder.write("out.ndjson", "a\n");
  std::filesystem::create_hard_link(out, folder.path("link.log"));
  Runner linked(config(folder.path("*.log")), {.outputs = {out}});
  CHECK(says(start_error(linked), "writes it"));
}

TEST_CASE("a stopped source starts again at the stored position") {
  const ScratchFolder folder;
  Runner source(config(folder.write("in", "a\nb\n")));
  CHECK(next_poll(source, 1).size() == 1);
  source.stop();
  CHECK(values(source.drain()) == Texts{"a", "b"});
}

}  // namespace
}  // namespace weir::plugins
