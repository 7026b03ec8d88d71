#include "cli/trial/test_file.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "config/yaml.h"
#include "spec/check.h"
#include "spec/scalar.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

using spec::Node;

spec::Field field(std::string name, std::uint32_t type, std::uint32_t flags, std::string summary) {
  spec::Field out;
  out.name = std::move(name);
  out.type = type;
  out.flags = flags;
  out.summary = std::move(summary);
  return out;
}

std::vector<spec::Field> suite_fields() {
  spec::Field tests = field("tests", WEIR_OBJECT, WEIR_LIST | WEIR_REQUIRED, "The tests, each by itself.");
  tests.fields = {field("name", WEIR_STRING, WEIR_REQUIRED, "What holds, as a sentence."),
                  field("input", WEIR_ANY, WEIR_LIST | WEIR_REQUIRED, "The records that go in."),
                  field("expect", WEIR_ANY, WEIR_LIST, "The records that are to reach the sink, in order."),
                  field("expect_dead_letters", WEIR_UINT, 0, "How many records are to be bad.")};
  return {field("pipeline", WEIR_FILE, WEIR_REQUIRED, "The file with the pipeline under test."), std::move(tests)};
}

std::vector<spec::Field> expectation_fields() {
  return {field("value", WEIR_ANY, WEIR_REQUIRED, "Text: byte for byte; YAML: by meaning; null: a tombstone."),
          field("key", WEIR_ANY, 0, "As value."), field("topic", WEIR_ANY, 0, "Text, or null: the sink's own."),
          field("headers", WEIR_ANY, 0, "Names and values.")};
}

bool is_null(const Node& node) {
  return node.kind == Node::Kind::scalar && spec::scalar_type(node) == spec::ScalarType::null;
}

bool is_text(const Node& node) {
  return node.kind == Node::Kind::scalar && spec::scalar_type(node) == spec::ScalarType::text;
}

/// Only {key, value, headers, topic}, and value among them: else a mapping is itself the value.
bool is_envelope(const Node& node) {
  const auto is_part = [](const Node::Member& member) {
    return member.name == "key" || member.name == "value" || member.name == "headers" || member.name == "topic";
  };
  return node.kind == Node::Kind::map && node.find("value") != nullptr &&
         std::all_of(node.members.begin(), node.members.end(), is_part);
}

/// A member that belongs to the record's value, where nothing says `value`; null: there is none.
const Node::Member* value_without_its_key(const Node& node) {
  if (node.find("value") != nullptr) return nullptr;
  const Node::Member* stray = nullptr;
  for (const Node::Member& member : node.members) {
    const std::string_view near = spec::nearest(member.name, {"value", "key", "topic", "headers"});
    if (near == "value") return nullptr;  // a slip of the keyboard
    if (near.empty() && stray == nullptr) stray = &member;
  }
  return stray;
}

/// Reads one document. One for each.
class SuiteReader {
 public:
  SuiteReader(const std::string& file, const std::string& directory, spec::Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics), checker_(file, directory, diagnostics) {}

  TestSuite read(const Node& node) {
    TestSuite suite;
    suite.file = file_;
    suite.node = node;
    if (node.kind != Node::Kind::map) {
      checker_.error(node.mark, "a file of tests is a mapping with pipeline and tests");
      return suite;
    }
    const std::size_t errors = diagnostics_.error_count();
    const spec::Value root = checker_.object(suite_fields(), node, "the file of tests");
    if (diagnostics_.error_count() != errors) return suite;  // of another shape than what is read below
    suite.pipeline = root.at("pipeline")->text;
    suite.pipeline_mark = node.find("pipeline")->mark;
    check_pipeline_file(suite);
    const Node& tests = *node.find("tests");
    if (tests.items.empty()) checker_.error(tests.mark, "there is no test in the list");
    for (const Node& test : tests.items) suite.cases.push_back(test_case(test));
    return suite;
  }

 private:
  void check_pipeline_file(const TestSuite& suite) {
    std::error_code error;
    const auto status = std::filesystem::status(suite.pipeline, error);
    if (std::filesystem::is_directory(status))
      checker_.error(suite.pipeline_mark, "'pipeline': expected a file, found a folder");
    else if (!std::filesystem::exists(status))
      checker_.error(suite.pipeline_mark, "'pipeline': there is no such file", "the path is relative to this file");
  }

  TestCase test_case(const Node& node) {
    TestCase out;
    out.mark = node.mark;
    out.name = node.find("name")->text;
    if (!names_.insert(out.name).second)
      checker_.error(node.find("name")->mark, "there is a test of this name already: " + spec::in_quotes(out.name));
    for (const Node& record : node.find("input")->items) out.input.push_back(input(record));
    const Node* expect = node.find("expect");
    const Node* dead_letters = node.find("expect_dead_letters");
    if (expect == nullptr && dead_letters == nullptr)
      checker_.error(node.mark, "the test expects nothing",
                     "add expect ([] when no record is to reach the sink) or expect_dead_letters");
    if (expect != nullptr) {
      for (const Node& record : expect->items) out.expect.push_back(expectation(record));
    }
    if (dead_letters != nullptr) {
      const spec::Value number = spec::number_value(dead_letters->text);
      out.expect_dead_letters = number.type == WEIR_UINT ? number.uinteger : static_cast<std::uint64_t>(number.integer);
    }
    return out;
  }

  TestInput input(const Node& node) {
    TestInput out;
    out.mark = node.mark;
    if (!is_envelope(node)) {
      out.value = slot(node);
      return out;
    }
    out.value = slot(*node.find("value"));
    if (const Node* key = node.find("key")) out.key = slot(*key);
    if (const Node* name = node.find("topic")) out.topic = topic(*name);
    if (const Node* all = node.find("headers")) out.headers = headers(*all);
    return out;
  }

  TestExpectation expectation(const Node& node) {
    TestExpectation out;
    out.mark = node.mark;
    if (node.kind != Node::Kind::map) {
      checker_.error(node.mark, "an expected record is a mapping with value", "such as {value: {user: 7}}");
      return out;
    }
    if (const Node::Member* stray = value_without_its_key(node)) {
      checker_.error(node.mark, "an expected record is a mapping with value",
                     "did you mean {value: {" + stray->name + ": …}}?");
      return out;
    }
    static_cast<void>(checker_.object(expectation_fields(), node, "the expected record"));
    if (const Node* value = node.find("value")) out.value = *value;
    if (const Node* key = node.find("key")) out.key = *key;
    if (const Node* name = node.find("topic")) out.topic = topic(*name);
    if (const Node* all = node.find("headers")) out.headers = headers(*all);
    return out;
  }

  /// The bytes of a value or key: a text itself, nothing for null, else compact JSON with numbers as they are written.
  std::optional<std::string> slot(const Node& node) {
    if (is_null(node)) return std::nullopt;
    if (is_text(node)) return node.text;
    return checker_.value(field("value", WEIR_ANY, 0, {}), node).json();
  }

  std::optional<std::string> topic(const Node& node) {
    if (is_null(node)) return std::nullopt;
    if (!is_text(node) || !spec::is_topic_name(node.text)) {
      checker_.error(node.mark, "'topic': expected a topic's name");
      return std::nullopt;
    }
    return node.text;
  }

  TestHeaders headers(const Node& node) {
    TestHeaders out;
    if (node.kind == Node::Kind::map) {
      for (const auto& [name, mark, value] : node.members) out.emplace_back(name, slot(value));
      return out;
    }
    for (const Node& pair : node.items) {
      const bool is_pair = pair.kind == Node::Kind::list && pair.items.size() == 2 && is_text(pair.items.front());
      if (is_pair)
        out.emplace_back(pair.items.front().text, slot(pair.items.back()));
      else
        checker_.error(pair.mark, "a header is [name, value]");
    }
    if (node.kind == Node::Kind::scalar)
      checker_.error(node.mark, "'headers': expected a mapping of names and values, or a list of [name, value]");
    return out;
  }

  const std::string& file_;
  spec::Diagnostics& diagnostics_;
  spec::Checker checker_;
  std::set<std::string> names_;
};

}  // namespace

std::vector<TestSuite> read_tests(const std::string& file, spec::Diagnostics& diagnostics) {
  std::vector<TestSuite> suites;
  const std::string directory = std::filesystem::absolute(file).parent_path().lexically_normal().string();
  const auto documents =
      config::read_yaml(file, config::Environment::process(), diagnostics, {}, config::Content::tests);
  suites.reserve(documents.size());
  for (const Node& document : documents) suites.push_back(SuiteReader(file, directory, diagnostics).read(document));
  return suites;
}

}  // namespace weir::host::cli
