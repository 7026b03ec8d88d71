#include "cli/run/watch.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using std::chrono::hours;
using std::chrono::system_clock;
using weir::host::cli::Watch;

namespace {

/// A folder with a configuration and a secret.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/weir-watch-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path_ = name;
    write("pipeline.yaml", "one");
    write("secret", "one");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return path_ + '/' + name; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

 private:
  std::string path_;
};

/// It reports what was the same at two looks.
bool reports(Watch& watch) {
  const bool at_once = watch.changed();
  return watch.changed() || at_once;
}

}  // namespace

TEST_CASE("what changes after it is followed is reported once") {
  const Folder folder;
  Watch watch({folder.path("pipeline.yaml")});
  watch.follow({folder.path("secret")}, system_clock::now() + hours(1));
  CHECK_FALSE(reports(watch));
  folder.write("secret", "changed");
  CHECK(reports(watch));
  CHECK_FALSE(reports(watch));
  folder.write("pipeline.yaml", "changed");
  CHECK(reports(watch));
  CHECK_FALSE(reports(watch));
}

TEST_CASE("what changed between its reading and the first look is reported") {
  const Folder folder;
  Watch watch({folder.path("pipeline.yaml")});
  watch.follow({folder.path("secret")}, system_clock::now() - hours(1));
  CHECK(reports(watch));
  CHECK_FALSE(reports(watch));
}

TEST_CASE("what did not change while another file came to be followed is not reported again") {
  const Folder folder;
  Watch watch({folder.path("pipeline.yaml")});
  watch.follow({}, system_clock::now() + hours(1));
  CHECK_FALSE(reports(watch));
  watch.follow({folder.path("secret")}, system_clock::now() - hours(1));
  CHECK(reports(watch));  // the secret
  watch.follow({folder.path("secret")}, system_clock::now() - hours(1));
  CHECK_FALSE(reports(watch));
}
