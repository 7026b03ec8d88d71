#include <catch2/catch.hpp>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "config/read_file.h"
#include "environment.h"

namespace weir::host::config {
namespace {

namespace fs = std::filesystem;

/// A folder of its own that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "weir-config-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  fs::path path_;
};

std::string said_about(const std::string& file) {
  spec::Diagnostics diagnostics;
  CHECK(read_yaml(file, Environment::process(), diagnostics).empty());
  return diagnostics.text();
}

}  // namespace

TEST_CASE("of a folder its yaml files count, sorted, without tests and deeper folders") {
  const Folder folder;
  for (const char* name : {"b.yaml", "a.yaml", "a.test.yaml", "notes.yml", "c.yaml.bak", "deep/d.yaml"})
    folder.write(name, "");
  fs::create_directory(folder.path("folder.yaml"));
  const std::string single = folder.write("single.conf", "");
  spec::Diagnostics diagnostics;
  CHECK(find_yaml({single, folder.path("")}, diagnostics) ==
        std::vector<std::string>{single, folder.path("a.yaml"), folder.path("b.yaml")});
  CHECK_FALSE(diagnostics.has_errors());
}

TEST_CASE("of a folder of tests its test files count") {
  const Folder folder;
  for (const char* name : {"b.test.yaml", "a.test.yaml", "a.yaml", "deep/c.test.yaml"}) folder.write(name, "");
  spec::Diagnostics diagnostics;
  CHECK(find_yaml({folder.path("")}, diagnostics, Content::tests) ==
        std::vector<std::string>{folder.path("a.test.yaml"), folder.path("b.test.yaml")});
  CHECK(find_yaml({folder.path("deep")}, diagnostics).empty());
  CHECK(diagnostics.text().find("deep: error: the folder holds no *.yaml file") != std::string::npos);
}

TEST_CASE("what is not there, or a folder without a pipeline, is an error") {
  const Folder folder;
  fs::create_directory(folder.path("empty"));
  spec::Diagnostics diagnostics;
  CHECK(find_yaml({folder.path("none.yaml"), folder.path("empty")}, diagnostics).empty());
  CHECK(diagnostics.error_count() == 2);
  CHECK(diagnostics.text().find("none.yaml: error: there is no such file or folder") != std::string::npos);
  CHECK(diagnostics.text().find("empty: error: the folder holds no *.yaml file") != std::string::npos);
}

TEST_CASE("a file that cannot be read says why") {
  const Folder folder;
  CHECK(said_about(folder.path("none.yaml")).find("none.yaml: error: the file cannot be read: No such file") !=
        std::string::npos);
  CHECK(said_about(folder.path("")).find("error: the file cannot be read: Is a directory") != std::string::npos);
}

TEST_CASE("a file of exactly the limit is read, and one byte more is refused") {
  const Folder folder;
  const std::string text = "a: 1\n";
  const std::string file = folder.write("a.yaml", text + std::string((1u << 20) - text.size(), '#'));
  spec::Diagnostics diagnostics;
  CHECK(read_yaml(file, Environment::process(), diagnostics).size() == 1);
  CHECK(diagnostics.text().empty());
  CHECK(said_about(folder.write("b.yaml", text + std::string((1u << 20) - text.size() + 1, '#')))
            .find("the file is longer than 1048576 bytes") != std::string::npos);
}

TEST_CASE("a file of 100 MB is refused as soon as the limit is passed") {
  const Folder folder;
  const std::string file = folder.write("large.yaml", "name: a\n");
  fs::resize_file(file, 100'000'000);
  CHECK(said_about(file).find("large.yaml: error: the file is longer than 1048576 bytes") != std::string::npos);
}

TEST_CASE("of a long file no more than the limit and one byte is read") {
  const Folder folder;
  const std::string file = folder.write("a", "0123456789");
  CHECK_FALSE(read_file(file, 9).ok());
  REQUIRE(read_file(file, 10).ok());
  CHECK(*read_file(file, 10) == "0123456789");
}

TEST_CASE("secrets of the process come from files beside the configuration") {
  const Folder folder;
  folder.write("secrets/key", "from a file\n");
  ::setenv("WEIR_CONFIG_TEST", "from the environment", 1);
  const std::string file = folder.write("a.yaml", "a: ${env:WEIR_CONFIG_TEST}\nb: ${file:secrets/key}\n");
  spec::Diagnostics diagnostics;
  const auto documents = read_yaml(file, Environment::process(), diagnostics);
  ::unsetenv("WEIR_CONFIG_TEST");
  REQUIRE(documents.size() == 1);
  CHECK(documents[0].find("a")->text == "from the environment");
  CHECK(documents[0].find("b")->text == "from a file");
}

}  // namespace weir::host::config
