#include <catch2/catch.hpp>

#include "environment.h"

namespace weir::host::config {
namespace {

FakeEnvironment fake() {
  FakeEnvironment fake;
  fake.variables = {{"TOPIC", "orders"}, {"EMPTY", ""}, {"TRICK", "${env:TOPIC} $$ #x: [y"}, {"LATIN", "\xE9"}};
  fake.files = {{"/etc/weir/key", "s3cret\n"},
                {"/abs/two", "a\n\n"},
                {"/etc/crlf", "b\r\n"},
                {"/etc/weir/bin", std::string("\0\1", 2)},
                {"/etc/weir/none", ""}};
  return fake;
}

std::string value(const std::string& text) {
  const Parsed parsed("v: " + text + "\n", fake());
  INFO(parsed.diagnostics.text());
  CHECK_FALSE(parsed.diagnostics.has_errors());
  return parsed.text("v");
}

std::string complaint(const std::string& text) {
  const Parsed parsed("v: " + text + "\n", fake());
  REQUIRE(parsed.diagnostics.error_count() == 1);
  return parsed.diagnostics.text();
}

}  // namespace

TEST_CASE("variables are replaced in plain, quoted and block texts") {
  CHECK(value("${env:TOPIC}") == "orders");
  CHECK(value("a-${env:TOPIC}-${env:TOPIC}.x") == "a-orders-orders.x");
  CHECK(value("\"${env:TOPIC}\"") == "orders");
  CHECK(value("'${env:TOPIC}'") == "orders");
  CHECK(value("|\n  ${env:TOPIC}\n") == "orders\n");
  CHECK(value("${env:EMPTY}").empty());
}

TEST_CASE("a default stands in for a variable that is unset or empty") {
  CHECK(value("${env:NONE:-x y}") == "x y");
  CHECK(value("${env:EMPTY:-x}") == "x");
  CHECK(value("${env:TOPIC:-x}") == "orders");
  CHECK(value("${env:NONE:-}").empty());
  CHECK(value("${env:NONE:-localhost:9092}") == "localhost:9092");
  CHECK(value("${env:TOPIC:?needed}") == "orders");
}

TEST_CASE("a dollar sign stands for itself unless it begins a substitution") {
  CHECK(value("$") == "$");
  CHECK(value("a$b$1") == "a$b$1");
  CHECK(value("$$") == "$");
  CHECK(value("$$$$x") == "$$x");
  CHECK(value("$${env:TOPIC}") == "${env:TOPIC}");
  CHECK(value("$$${env:TOPIC}") == "$orders");
}

TEST_CASE("what a substitution brings is not looked through again") {
  CHECK(value("${env:TRICK}") == "${env:TOPIC} $$ #x: [y");
}

TEST_CASE("a file's text comes without its last line end, and is secret") {
  CHECK(value("${file:key}") == "s3cret");
  CHECK(value("${file:/abs/two}") == "a\n");
  CHECK(value("${file:../crlf}") == "b");
  CHECK(value("${file:none}").empty());
  const Parsed parsed("a: x${file:key}\nb: ${env:TOPIC}\n", fake());
  CHECK(parsed.root().find("a")->secret);
  CHECK_FALSE(parsed.root().find("b")->secret);
}

TEST_CASE("a plain text keeps its type open until it is replaced") {
  const Parsed parsed("a: ${env:N}\nb: \"${env:N}\"\n", {{{"N", "5"}}, {}});
  CHECK_FALSE(parsed.root().find("a")->quoted);
  CHECK(parsed.root().find("b")->quoted);
}

TEST_CASE("what is wrong with a substitution is said at its value") {
  CHECK(
      complaint("${env:NONE}") ==
      "/etc/weir/a.yaml:1:4: error: the environment variable NONE is not set; set it, or write ${env:NONE:-default}\n");
  CHECK(complaint("${env:EMPTY:?the topic}").find("EMPTY is not set or empty: the topic;") != std::string::npos);
  CHECK(complaint("${env:NONE:?}").find("NONE is not set or empty;") != std::string::npos);
  CHECK(complaint("${env:LATIN}").find("LATIN is not valid UTF-8") != std::string::npos);
  CHECK(complaint("${file:nowhere}").find("the file 'nowhere' cannot be read: no such file") != std::string::npos);
  CHECK(complaint("${file:bin}").find("the file 'bin' is not UTF-8 text") != std::string::npos);
  for (const char* unknown :
       {"${TOPIC}", "${}", "${env:}", "${file:}", "${env:A-B}", "${env:A:x}", "${secret:x}", "${ENV:A}"}) {
    CHECK(complaint(unknown).find("unknown substitution '") != std::string::npos);
  }
}

TEST_CASE("without an environment what has no value passes unjudged, and what is wrong does not") {
  FakeEnvironment lenient = fake();
  lenient.allow_unset = true;
  const Parsed parsed("a: ${env:NONE}\nb: ${env:NONE:?x}\nc: ${file:nowhere}\nd: ${env:NONE:-5}\ne: ${env:TOPIC}\n",
                      lenient);
  CHECK_FALSE(parsed.diagnostics.has_errors());
  for (const char* key : {"a", "b", "c"}) CHECK(parsed.root().find(key)->unset);
  CHECK_FALSE(parsed.root().find("d")->unset);
  CHECK(parsed.text("d") == "5");
  CHECK(parsed.text("e") == "orders");
  CHECK(Parsed("a: ${nonsense}\n", lenient).diagnostics.has_errors());
}

TEST_CASE("a file is read once however often it is named") {
  int reads = 0;
  Environment environment = fake().environment();
  environment.file = [&](const std::string&) -> Result<std::string> {
    ++reads;
    return std::string("k");
  };
  spec::Diagnostics diagnostics;
  const auto documents =
      parse_yaml("a: ${file:k}\nb: [\"${file:k}\", \"${file:./k}\"]\n", "/etc/weir/a.yaml", environment, diagnostics);
  CHECK(documents.size() == 1);
  CHECK(reads == 1);
}

}  // namespace weir::host::config
