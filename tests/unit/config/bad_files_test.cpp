// Each file of tests/config/bad says in its first lines what has to be complained about, where and how:
//   # expect: LINE:COLUMN part of the message | part of the hint
// Every expectation has to be met by one error, and there may be no other error.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "../spec/test_catalog.h"
#include "config/yaml.h"
#include "spec/conflicts.h"
#include "spec/pipeline_spec.h"

namespace weir::host::config {
namespace {

struct Expectation {
  std::string place;
  std::string message;
  std::string hint;
};

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \r");
  return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \r") - first + 1);
}

std::vector<Expectation> expectations(const std::string& file) {
  std::vector<Expectation> out;
  std::ifstream stream(file);
  const std::string start = "# expect: ";
  for (std::string line; std::getline(stream, line) && line.starts_with(start);) {
    const std::string text = line.substr(start.size());
    const std::size_t blank = text.find(' ');
    const std::size_t bar = text.rfind('|');
    REQUIRE(blank < bar);
    REQUIRE(bar != std::string::npos);
    out.push_back({text.substr(0, blank), trimmed(text.substr(blank, bar - blank)), trimmed(text.substr(bar + 1))});
  }
  return out;
}

bool meets(const spec::Diagnostic& error, const Expectation& expected) {
  const std::string place = std::to_string(error.mark.line) + ":" + std::to_string(error.mark.column);
  return error.severity == spec::Diagnostic::Severity::error && place == expected.place &&
         error.message.find(expected.message) != std::string::npos &&
         error.hint.find(expected.hint) != std::string::npos;
}

std::vector<std::string> bad_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(WEIR_BAD_FILES)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("every bad file of the table is refused at the right place with a hint") {
  const spec::TestCatalog catalog;
  const std::vector<std::string> files = bad_files();
  CHECK(files.size() >= 100);
  for (const std::string& file : files) {
    spec::Diagnostics diagnostics;
    const std::vector<spec::Node> documents = read_yaml(file, Environment::process(), diagnostics);
    spec::PipelineNames names;
    names.add(documents, file, diagnostics);
    const auto pipelines = spec::check_pipelines(documents, file, WEIR_BAD_FILES, catalog, diagnostics);
    spec::check_conflicts(pipelines, spec::by_path, diagnostics);
    const std::vector<Expectation> expected = expectations(file);
    INFO(diagnostics.text());
    INFO(file);
    CHECK_FALSE(expected.empty());
    CHECK(diagnostics.error_count() == expected.size());
    for (const Expectation& expectation : expected) {
      INFO("expected " << expectation.place << " " << expectation.message << " | " << expectation.hint);
      CHECK(std::any_of(diagnostics.all().begin(), diagnostics.all().end(),
                        [&](const auto& error) { return meets(error, expectation); }));
    }
  }
}

}  // namespace weir::host::config
