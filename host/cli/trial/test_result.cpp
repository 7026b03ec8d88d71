#include "cli/trial/test_result.h"

#include <algorithm>

#include "cli/envelope/envelope.h"
#include "json/number.h"
#include "spec/json_node.h"
#include "spec/scalar.h"

namespace weir::host::cli {
namespace {

using spec::Node;
using spec::ScalarType;

std::optional<std::string> text_of(Bytes bytes) {
  if (is_null(bytes)) return std::nullopt;
  return std::string(view(bytes));
}

/// On one line of a terminal: control characters as \xNN.
std::string escaped(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
    } else {
      out.append("\\x") += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

std::string shown(const std::optional<std::string>& bytes) { return bytes ? escaped(*bytes) : "null"; }

std::string shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::list:
      return "a list of " + std::to_string(node.items.size());
    case Node::Kind::map:
      return "an object of " + std::to_string(node.members.size());
    case Node::Kind::scalar:
      break;
  }
  if (spec::scalar_type(node) == ScalarType::text) return '"' + escaped(node.text) + '"';
  return node.text.empty() ? "null" : node.text;
}

/// Where and how two values differ in what they mean: numbers by value, members in any order. Empty: they do not.
std::string difference_in_meaning(const Node& expected, const Node& came, const std::string& place);

std::string differ(const Node& expected, const Node& came, const std::string& place) {
  return "at " + (place.empty() ? "its root" : place) + ": expected " + shown(expected) + ", came " + shown(came);
}

std::string member_of(std::string place, const std::string& name) {
  if (!place.empty()) place += '.';
  return place += name;
}

std::string difference_of_members(const Node& expected, const Node& came, const std::string& place) {
  for (const auto& [name, mark, value] : expected.members) {
    const std::string at = member_of(place, name);
    const Node* other = came.find(name);
    if (other == nullptr) return "at " + at + ": expected " + shown(value) + ", is missing";
    if (auto difference = difference_in_meaning(value, *other, at); !difference.empty()) return difference;
  }
  for (const auto& [name, mark, value] : came.members) {
    if (expected.find(name) == nullptr) return "at " + member_of(place, name) + ": not expected, came " + shown(value);
  }
  // All names of one are in the other: a name repeats.
  return expected.members.size() == came.members.size() ? "" : differ(expected, came, place) + " members";
}

std::string difference_of_items(const Node& expected, const Node& came, const std::string& place) {
  for (std::size_t i = 0; i < std::min(expected.items.size(), came.items.size()); ++i) {
    const std::string at = place + "[" + std::to_string(i) + "]";
    if (auto difference = difference_in_meaning(expected.items[i], came.items[i], at); !difference.empty())
      return difference;
  }
  return expected.items.size() == came.items.size() ? "" : differ(expected, came, place);
}

bool same_scalar(const Node& a, const Node& b) {
  const ScalarType type = spec::scalar_type(a);
  if (type != spec::scalar_type(b)) return false;
  if (type == ScalarType::number) return json::compare_numbers(a.text, b.text) == 0;
  return type == ScalarType::null || a.text == b.text;
}

std::string difference_in_meaning(const Node& expected, const Node& came, const std::string& place) {
  if (expected.kind != came.kind) return differ(expected, came, place);
  if (expected.kind == Node::Kind::map) return difference_of_members(expected, came, place);
  if (expected.kind == Node::Kind::list) return difference_of_items(expected, came, place);
  return same_scalar(expected, came) ? "" : differ(expected, came, place);
}

/// Collects the lines about one record.
class Comparison {
 public:
  Comparison(std::size_t number, std::vector<std::string>& lines)
      : title_("record " + std::to_string(number)), lines_(lines) {}

  void slot(const std::string& what, const Node& expected, const std::optional<std::string>& came) {
    if (expected.kind == Node::Kind::scalar && spec::scalar_type(expected) == ScalarType::text) {
      bytes(what, expected.text, came);
    } else if (expected.kind == Node::Kind::scalar && spec::scalar_type(expected) == ScalarType::null) {
      bytes(what, std::nullopt, came);
    } else {
      meaning(what, expected, came);
    }
  }

  void bytes(const std::string& what, const std::optional<std::string>& expected,
             const std::optional<std::string>& came) {
    if (expected == came) return;
    std::string how = "is another one";
    if (expected && came) {
      const auto [first, other] = std::mismatch(expected->begin(), expected->end(), came->begin(), came->end());
      how = "differs from byte " + std::to_string(first - expected->begin() + 1) + " on";
    }
    add(what, how);
    lines_.push_back("  expected " + shown(expected));
    lines_.push_back("  came     " + shown(came));
  }

  void headers(const TestHeaders& expected, const TestHeaders& came) {
    if (expected == came) return;
    add("headers", "are others");
    lines_.push_back("  expected " + listed(expected));
    lines_.push_back("  came     " + listed(came));
  }

 private:
  void meaning(const std::string& what, const Node& expected, const std::optional<std::string>& came) {
    const auto node = came ? spec::parse_json(*came) : std::nullopt;
    std::string how = came ? "is no JSON" : "is null";
    if (node) how = difference_in_meaning(expected, *node, "");
    if (how.empty()) return;
    add(what, how);
    lines_.push_back("  came     " + shown(came));
  }

  static std::string listed(const TestHeaders& headers) {
    std::string out;
    for (const auto& [name, value] : headers) out += (out.empty() ? "" : ", ") + escaped(name) + ": " + shown(value);
    return out.empty() ? "none" : out;
  }

  void add(const std::string& what, const std::string& how) { lines_.push_back(title_ + ", " + what + " " + how); }

  const std::string title_;
  std::vector<std::string>& lines_;
};

void compare(const TestExpectation& expected, const CameRecord& came, Comparison comparison) {
  comparison.slot("value", expected.value, came.value);
  if (expected.key) comparison.slot("key", *expected.key, came.key);
  if (expected.topic) comparison.bytes("topic", *expected.topic, came.topic);
  if (expected.headers) comparison.headers(*expected.headers, came.headers);
}

}  // namespace

CameRecord::CameRecord(const Record& record)
    : key(text_of(record.key())),
      value(text_of(record.value())),
      topic(text_of(record.topic)),
      envelope(cli::envelope(record, {})) {
  for (const Header& header : record.headers.all())
    headers.emplace_back(std::string(view(header.name)), text_of(header.value));
}

std::vector<std::string> differences(const TestCase& test, const TestResult& result) {
  std::vector<std::string> lines;
  const std::size_t both = std::min(test.expect.size(), result.records.size());
  for (std::size_t i = 0; i < both; ++i) compare(test.expect[i], result.records[i], Comparison(i + 1, lines));
  for (std::size_t i = both; i < test.expect.size(); ++i)
    lines.push_back("record " + std::to_string(i + 1) + " is missing");
  for (std::size_t i = both; i < result.records.size(); ++i) {
    lines.push_back("record " + std::to_string(i + 1) + " was not expected");
    lines.push_back("  came     " + result.records[i].envelope);
  }
  if (result.bad_records.size() != test.expect_dead_letters)
    lines.push_back("expected " + std::to_string(test.expect_dead_letters) + " dead letters, came " +
                    std::to_string(result.bad_records.size()));
  if (!result.error.empty()) lines.push_back(result.error);
  if (!lines.empty()) {  // often the reason for what is missing
    for (const std::string& bad : result.bad_records) lines.push_back("bad: " + bad);
  }
  return lines;
}

}  // namespace weir::host::cli
