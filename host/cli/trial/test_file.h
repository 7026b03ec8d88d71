#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spec/node.h"

namespace weir::host::cli {

/// Headers as a test writes them; a value that is nothing is null.
using TestHeaders = std::vector<std::pair<std::string, std::optional<std::string>>>;

/// A record that a test puts in. Nothing stands for null, of a topic for the sink's own.
struct TestInput {
  spec::Mark mark;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::optional<std::string> topic;
  TestHeaders headers;
};

/// A record that is to reach the sink. What the test does not mention is not compared.
struct TestExpectation {
  spec::Mark mark;
  spec::Node value;  // text: byte for byte; null: a tombstone; else by meaning
  std::optional<spec::Node> key;
  std::optional<std::optional<std::string>> topic;
  std::optional<TestHeaders> headers;
};

struct TestCase {
  spec::Mark mark;
  std::string name;
  std::vector<TestInput> input;
  std::vector<TestExpectation> expect;
  std::uint64_t expect_dead_letters = 0;
};

/// One document of a *.test.yaml (design section 7).
struct TestSuite {
  std::string file;
  std::string pipeline;  // path
  spec::Mark pipeline_mark;
  spec::Node node;  // as it was read, for its secrets
  std::vector<TestCase> cases;
};

/// The tests of a file; what is wrong with it goes to `diagnostics`, and then the result is not to be used.
[[nodiscard]] std::vector<TestSuite> read_tests(const std::string& file, spec::Diagnostics& diagnostics);

}  // namespace weir::host::cli
