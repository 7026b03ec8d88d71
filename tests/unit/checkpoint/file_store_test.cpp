#include <catch2/catch.hpp>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "checkpoint/format.h"
#include "checkpoint/store.h"

using namespace weir::host;
namespace fs = std::filesystem;

namespace {

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "weir-checkpoint-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] fs::path file() const { return path_ / "events" / "file.checkpoint"; }
  [[nodiscard]] std::unique_ptr<CheckpointStore> store() const {
    return make_file_checkpoint_store(path(), "events", "file");
  }

 private:
  fs::path path_;
};

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777u;
}

Checkpoint at(const std::string& offset) {
  Checkpoint checkpoint;
  checkpoint.positions["p"] = offset;
  return checkpoint;
}

}  // namespace

TEST_CASE("a store without a file is an empty checkpoint, and makes nothing") {
  const Folder folder;
  const auto loaded = folder.store()->load();
  REQUIRE(loaded.ok());
  CHECK((*loaded).positions.empty());
  CHECK_FALSE((*loaded).finished);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("the file holds the latest checkpoint, only its owner may read it, and no temporary file stays") {
  const Folder folder;
  const auto store = folder.store();
  REQUIRE(store->store(at("1")).ok());
  REQUIRE(store->store(at("2")).ok());
  CHECK(read(folder.file()) == encode_checkpoint(at("2")));
  CHECK((*folder.store()->load()).positions.at("p") == "2");
  CHECK(mode_of(folder.file()) == 0600);
  CHECK(mode_of(folder.file().parent_path()) == 0700);
  CHECK(std::distance(fs::directory_iterator(folder.file().parent_path()), {}) == 1);
}

TEST_CASE("each source type has a file of its own") {
  const Folder folder;
  REQUIRE(folder.store()->store(at("1")).ok());
  const auto other = make_file_checkpoint_store(folder.path(), "events", "generate")->load();
  REQUIRE(other.ok());
  CHECK((*other).positions.empty());
}

TEST_CASE("what a crash left in the temporary file is ignored and overwritten") {
  const Folder folder;
  REQUIRE(folder.store()->store(at("1")).ok());
  const fs::path temporary = folder.file().string() + ".tmp";
  write(temporary, "half a checkp");
  CHECK((*folder.store()->load()).positions.at("p") == "1");
  REQUIRE(folder.store()->store(at("2")).ok());
  CHECK((*folder.store()->load()).positions.at("p") == "2");
  CHECK_FALSE(fs::exists(temporary));
}

TEST_CASE("a file that cannot be used is refused with its name, left as it is, and cleared on demand") {
  const std::string good = encode_checkpoint(at("1"));
  std::string newer = good;
  newer[8] = 9;
  std::string flipped = good;
  flipped[30] = static_cast<char>(flipped[30] ^ 4);
  for (const std::string& bytes :
       {std::string(), good.substr(0, 20), good.substr(0, good.size() - 1), newer, flipped, std::string("text")}) {
    const Folder folder;
    write(folder.file(), bytes);
    const Status status = folder.store()->load().status();
    CHECK(status.code() == WEIR_E_FATAL);
    CHECK(status.message().find(folder.file().string()) != std::string::npos);
    CHECK(status.message().find("--fresh") != std::string::npos);
    CHECK(read(folder.file()) == bytes);
    REQUIRE(folder.store()->clear().ok());
    CHECK(folder.store()->load().ok());
  }
}

TEST_CASE("clearing what is not there is no error") {
  const Folder folder;
  CHECK(folder.store()->clear().ok());
}

TEST_CASE("a checkpoint that cannot be written says where and why, and the old one stays") {
  const Folder folder;
  REQUIRE(folder.store()->store(at("1")).ok());
  fs::create_directory(folder.file().string() + ".tmp");  // stands in the way, for root too
  const Status status = folder.store()->store(at("2"));
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK(status.message().find("file.checkpoint.tmp") != std::string::npos);
  CHECK((*folder.store()->load()).positions.at("p") == "1");
}

TEST_CASE("a write that stops half way is an error, the old checkpoint stays, and the half is removed") {
  const Folder folder;
  REQUIRE(folder.store()->store(at("1")).ok());
  const auto former_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit former{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &former) == 0);
  const rlimit small{16, former.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const Status status = folder.store()->store(at("2"));
  ::setrlimit(RLIMIT_FSIZE, &former);
  std::signal(SIGXFSZ, former_handler);
  CHECK(status.code() == WEIR_E_FATAL);
  CHECK((*folder.store()->load()).positions.at("p") == "1");
  CHECK_FALSE(fs::exists(folder.file().string() + ".tmp"));
}

TEST_CASE("a link in the place of the temporary file is not followed") {
  const Folder folder;
  REQUIRE(folder.store()->store(at("1")).ok());
  write(folder.path() + "/precious", "untouched");
  fs::create_symlink(folder.path() + "/precious", folder.file().string() + ".tmp");
  CHECK_FALSE(folder.store()->store(at("2")).ok());
  CHECK(read(folder.path() + "/precious") == "untouched");
}

TEST_CASE("a state directory is made when it is missing and belongs to one at a time") {
  const Folder folder;
  const std::string state = folder.path() + "/deep/state";
  {
    const Result<StateLock> first = StateLock::take(state);
    REQUIRE(first.ok());
    CHECK(mode_of(state) == 0700);
    const Status second = StateLock::take(state).status();
    CHECK(second.code() == WEIR_E_FATAL);
    CHECK(second.message().find("in use by another process") != std::string::npos);
  }
  CHECK(StateLock::take(state).ok());
}

TEST_CASE("a lock that was moved is released once, by its last owner") {
  const Folder folder;
  Result<StateLock> taken = StateLock::take(folder.path());
  REQUIRE(taken.ok());
  {
    const StateLock moved = std::move(*taken);
    CHECK_FALSE(StateLock::take(folder.path()).ok());
  }
  CHECK(StateLock::take(folder.path()).ok());
}

TEST_CASE("a state directory that cannot be made says so") {
  const Folder folder;
  write(folder.path() + "/file", "");
  CHECK(StateLock::take(folder.path() + "/file/state").status().message().find("state directory") != std::string::npos);
}
