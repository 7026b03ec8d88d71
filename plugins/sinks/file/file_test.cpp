#include "file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>
#include <weir/testing.hpp>

#include "testing/scratch_folder.h"

/// In the place of the C library's, for the class Disk below.
extern "C" int fdatasync(int descriptor);
/// In the place of the C library's: runs before_lock first.
extern "C" int flock(int descriptor, int operation) noexcept;

namespace weir::plugins {
namespace {

using testing::Message;
using testing_support::ScratchFolder;
using Runner = testing::Sink<FileSink>;

std::string config(const std::string& path, const std::string& more = "") {
  return R"({"path":")" + path + "\"" + more + "}";
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// Runs once, when a file is about to be locked.
std::function<void()> before_lock;

template <typename Call>
std::string fatal(Call&& call) {
  try {
    call();
  } catch (const FatalError& error) {
    return error.what();
  }
  return "";
}

/// A file may not grow beyond so many bytes, until this goes: what a full disk looks like.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, signal_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*signal_)(int);
  rlimit before_{};
};

/// Stands in for the disk while it lives: a sync lasts until the test finishes it.
class Disk {
 public:
  Disk() { current = this; }
  ~Disk() {
    {
      const std::lock_guard lock(mutex_);
      open_ = true;
    }
    changed_.notify_all();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_ == begun_; });
    current = nullptr;
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  /// In the sink's thread: the errno of the sync.
  int sync() {
    std::unique_lock lock(mutex_);
    const std::size_t number = begun_++;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::seconds(20), [&] { return open_ || results_.size() > number; });
    ++ended_;
    changed_.notify_all();
    return results_.size() > number ? results_[number] : 0;
  }
  void wait_for(std::size_t begun) {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return begun_ >= begun; }));
  }
  void finish_one(int error = 0) {
    const std::lock_guard lock(mutex_);
    results_.push_back(error);
    changed_.notify_all();
  }
  [[nodiscard]] std::size_t begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }

  static inline std::atomic<Disk*> current{nullptr};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> results_;
  std::size_t begun_ = 0;
  std::size_t ended_ = 0;
  bool open_ = false;
};

TEST_CASE("values are appended, one a line, and acknowledged") {
  const ScratchFolder folder;
  const std::string path = folder.write("out", "before\n");
  Runner sink(config(path));
  CHECK(sink.put({Message{.value = "{\"a\":1}"}, Message{.value = ""}, Message{.value = "\xFF"}}) == 3);
  CHECK(folder.read("out") == "before\n{\"a\":1}\n\n\xFF\n");
  CHECK(sink.flush());
  CHECK(sink.acks().size() == 3);
  for (const auto& ack : sink.acks()) CHECK(ack.status == WEIR_OK);
}

TEST_CASE("what is no line is refused, and the others are written") {
  const ScratchFolder folder;
  Runner sink(config(folder.path("out")));
  CHECK(sink.put({Message{.value = "a"}, Message{}, Message{.value = "b\nc"}, Message{.value = "d"}}) == 4);
  CHECK(folder.read("out") == "a\nd\n");
  REQUIRE(sink.flush());
  std::vector<weir_status> status(4);
  for (const auto& ack : sink.acks()) status.at(ack.record) = ack.status;
  CHECK(status == std::vector<weir_status>{WEIR_OK, WEIR_E_DATA, WEIR_E_DATA, WEIR_OK});
}

TEST_CASE("a dead letter file shows envelopes and is readable for its owner alone") {
  const ScratchFolder folder;
  Runner sink(config(folder.path("out")), {.dead_letter = true});
  sink.put({Message{.value = "v", .headers = {{"__weir.errors.code", "E_DATA"}}}});
  CHECK(folder.read("out") == "{\"value\":\"v\",\"error\":{\"code\":\"E_DATA\"}}\n");
  struct stat status {};
  REQUIRE(stat(folder.path("out").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  Runner plain(config(folder.path("plain"), R"(,"format":"value")"), {.dead_letter = true});
  plain.put("v");
  CHECK(folder.read("plain") == "v\n");
}

TEST_CASE("a torn last line is cut at start and told") {
  const ScratchFolder folder;
  Runner sink(config(folder.write("out", "whole\n" + std::string(100'000, 'x'))));
  sink.start();
  CHECK(folder.read("out") == "whole\n");
  REQUIRE(sink.logs().size() == 1);
  CHECK(says(sink.logs()[0].text, "bytes=100000"));
  sink.put("next");
  CHECK(folder.read("out") == "whole\nnext\n");
  Runner torn(config(folder.write("torn", "only")));
  torn.start();
  CHECK(folder.read("torn").empty());
}

TEST_CASE("a file without line ends is not cut when no record can be that long") {
  const ScratchFolder folder;
  const std::string text(7 << 20, 'x');
  Runner sink(config(folder.write("out", text)), {.memory = 1 << 20});
  CHECK(says(fatal([&] { sink.start(); }), "not a file of lines"));
  CHECK(folder.read("out") == text);
}

TEST_CASE("a full disk stops the sink: whole lines stay, nothing else is acknowledged") {
  const ScratchFolder folder;
  Runner sink(config(folder.path("out")));
  sink.start();
  {
    const FullDisk disk(10);
    CHECK(sink.put({Message{.value = "1234"}, Message{.value = "5678"}}) == 2);
    CHECK(says(fatal([&] { sink.put({Message{.value = "abc"}, Message{.value = "def"}}); }), "cannot write"));
  }
  CHECK(folder.read("out") == "1234\n5678\n");
  sink.stop();
  REQUIRE(sink.acks().size() == 2);
  for (const auto& ack : sink.acks()) CHECK(ack.status == WEIR_OK);
}

TEST_CASE("of a put that a full disk cuts short the whole lines count") {
  const ScratchFolder folder;
  Runner sink(config(folder.path("out")));
  sink.start();
  {
    const FullDisk disk(12);
    CHECK(sink.put({Message{.value = "1234"}, Message{.value = "5678"}, Message{.value = "9999"}}) == 2);
    CHECK(says(fatal([&] { sink.put("9999"); }), folder.path("out")));
  }
  CHECK(folder.read("out") == "1234\n5678\n");
  sink.stop();
  REQUIRE(sink.acks().size() == 2);
  for (const auto& ack : sink.acks()) CHECK(ack.status == WEIR_OK);
}

TEST_CASE("a device that is always full is told") {
  Runner sink(config("/dev/full"));
  CHECK(says(fatal([&] { sink.put("a"); }), "No space left"));
  CHECK(sink.acks().empty());
}

TEST_CASE("a dead letter is not acknowledged where nothing lasts") {
  Runner sink(config("/dev/null"), {.dead_letter = true});
  sink.put("a");
  CHECK(says(fatal([&] { sink.flush(); }), "cannot sync"));
  CHECK(sink.acks().empty());
}

TEST_CASE("a device that knows no syncing counts as written") {
  Runner sink(config("/dev/null"));
  sink.put("a");
  CHECK(sink.flush());
  CHECK(sink.acks().size() == 1);
}

TEST_CASE("a record is acknowledged after a sync that began when its line was there, and one sync serves many") {
  const ScratchFolder folder;
  Disk disk;
  Runner sink(config(folder.path("out")));
  sink.put("a");
  disk.wait_for(1);
  sink.put("b");
  sink.put("c");
  CHECK_FALSE(sink.flush(20));
  CHECK(sink.acks().empty());
  disk.finish_one();
  disk.wait_for(2);
  CHECK(sink.acks().size() == 1);
  disk.finish_one();
  CHECK(sink.flush());
  CHECK(sink.acks().size() == 3);
  CHECK(disk.begun() == 2);
}

TEST_CASE("what was in a sync that failed is never acknowledged, nor what comes after it") {
  for (const int error : {EIO, ENOSPC}) {
    const ScratchFolder folder;
    Disk disk;
    Runner sink(config(folder.path("out")));
    sink.put("a");
    disk.wait_for(1);
    sink.put("b");
    disk.finish_one(error);
    CHECK(says(fatal([&] { sink.flush(); }), "cannot sync " + folder.path("out")));
    CHECK(says(fatal([&] { sink.put("c"); }), "cannot sync"));
    CHECK(says(fatal([&] { sink.service(); }), "cannot sync"));
    CHECK(sink.acks().empty());
    sink.stop();
    CHECK(disk.begun() == 1);
    REQUIRE(sink.acks().size() == 2);
    for (const auto& ack : sink.acks()) CHECK(ack.status == WEIR_E_RETRY);
  }
}

TEST_CASE("a sync that failed holds for all tasks that share the file") {
  const ScratchFolder folder;
  Disk disk;
  const std::string text = config(folder.path("out"));
  Runner one(text, {.task = 0, .task_count = 2});
  Runner two(text, {.task = 1, .task_count = 2});
  one.put("a");
  disk.wait_for(1);
  two.put("b");
  disk.finish_one(EIO);
  CHECK_FALSE(fatal([&] { two.flush(); }).empty());
  CHECK(two.acks().empty());
  CHECK_FALSE(fatal([&] { one.flush(); }).empty());
  CHECK_FALSE(fatal([&] { two.put("c"); }).empty());
}

TEST_CASE("a sink that stops syncs what it wrote") {
  const ScratchFolder folder;
  Runner sink(config(folder.path("out")));
  sink.put("a");
  sink.stop();
  REQUIRE(sink.acks().size() == 1);
  CHECK(sink.acks()[0].status == WEIR_OK);
}

TEST_CASE("what another process appended is not cut with the beginning of a line that a full disk left") {
  const ScratchFolder folder;
  Runner sink(config(folder.path("out")));
  sink.put("1234");
  const int other = open(folder.path("out").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  REQUIRE(write(other, "theirs\n", 7) == 7);
  close(other);
  std::string why;
  {
    const FullDisk disk(15);
    why = fatal([&] { sink.put("56789"); });
  }
  CHECK(says(why, "torn line"));
  CHECK(folder.read("out") == "1234\ntheirs\n567");
}

TEST_CASE("a dead letter file that was there keeps its permissions, and a warning tells when others may read it") {
  const ScratchFolder folder;
  const std::string path = folder.write("out", "");
  for (const mode_t mode : {0644u, 0600u}) {
    REQUIRE(chmod(path.c_str(), mode) == 0);
    Runner sink(config(path), {.dead_letter = true});
    sink.start();
    struct stat status {};
    REQUIRE(stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == mode);
    CHECK(sink.logs().size() == (mode == 0644u ? 1 : 0));
  }
}

TEST_CASE("one path, one sink") {
  const ScratchFolder folder;
  const std::string path = folder.path("out");
  Runner first(config(path));
  first.start();
  Runner second(config(folder.path("./out")));
  CHECK(says(fatal([&] { second.start(); }), "one path, one sink"));
  first.stop();
  CHECK_NOTHROW(second.start());
  second.stop();
  const int other = open(path.c_str(), O_RDWR | O_CLOEXEC);
  REQUIRE(flock(other, LOCK_EX | LOCK_NB) == 0);
  CHECK(says(fatal([&] { first.start(); }), "process"));
  close(other);
  CHECK_NOTHROW(first.start());
}

TEST_CASE("a file that is replaced between its opening and its lock is opened again") {
  const ScratchFolder folder;
  const std::string path = folder.path("out");
  const auto replace = [&] {
    folder.write("new", "kept\n");
    rename(folder.path("new").c_str(), path.c_str());
  };
  const auto remove = [&] { unlink(path.c_str()); };
  for (const std::function<void()>& change : {std::function<void()>(replace), std::function<void()>(remove)}) {
    folder.write("out", "kept\ngone\n");
    Runner sink(config(path));
    before_lock = change;
    CHECK_THROWS_AS(sink.start(), RetryError);
    CHECK_NOTHROW(sink.start());
    sink.put({{.value = "v"}});
    sink.stop();
    CHECK(says(folder.read("out"), "v\n"));
    CHECK_FALSE(says(folder.read("out"), "gone"));
  }
}

TEST_CASE("the tasks of one connector share the file") {
  const ScratchFolder folder;
  const std::string text = config(folder.path("out"));
  Runner one(text, {.task = 0, .task_count = 2});
  Runner two(text, {.task = 1, .task_count = 2});
  one.put("a");
  two.put("b");
  one.put("c");
  CHECK(folder.read("out") == "a\nb\nc\n");
  Runner stranger(text, {.task = 1, .task_count = 2});
  CHECK_FALSE(fatal([&] { stranger.start(); }).empty());
  two.stop();
  CHECK_NOTHROW(stranger.start());
}

TEST_CASE("what cannot be appended to is told at start") {
  const ScratchFolder folder;
  Runner missing(config(folder.path("no/such/folder")));
  CHECK(says(fatal([&] { missing.start(); }), "No such file"));
  Runner directory(config(folder.path("")));
  CHECK(says(fatal([&] { directory.start(); }), "Is a directory"));
  REQUIRE(mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  Runner pipe(config(folder.path("pipe")));
  CHECK(says(fatal([&] { pipe.start(); }), "only files"));
}

TEST_CASE("constructing a sink opens nothing") {
  const ScratchFolder folder;
  Runner sink(config(folder.path("out")));
  CHECK_FALSE(std::filesystem::exists(folder.path("out")));
}

}  // namespace
}  // namespace weir::plugins

int fdatasync(int descriptor) {
  using weir::plugins::Disk;
  if (Disk* const disk = Disk::current) {
    errno = disk->sync();
    return errno == 0 ? 0 : -1;
  }
  return static_cast<int>(syscall(SYS_fdatasync, descriptor));
}

int flock(int descriptor, int operation) noexcept {
  if (const auto call = std::exchange(weir::plugins::before_lock, nullptr)) call();
  return static_cast<int>(syscall(SYS_flock, descriptor, operation));
}
