#include <catch2/catch.hpp>

#include "spec/words.h"

namespace weir::host::spec {

TEST_CASE("a slip of the keyboard is recognised") {
  const std::vector<std::string_view> known = {"name", "source", "sink", "tasks_max", "retry_timeout"};
  CHECK(nearest("sorce", known) == "source");
  CHECK(nearest("soucre", known) == "source");
  CHECK(nearest("sinks", known) == "sink");
  CHECK(nearest("TasksMax", known) == "tasks_max");
  CHECK(nearest("retry-timeout", known) == "retry_timeout");
  CHECK(nearest("colour", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest("name", {}).empty());
  CHECK(nearest(std::string(100'000, 'n'), known).empty());
}

TEST_CASE("a field's summary becomes a hint in the style of the others") {
  CHECK(as_hint("Where the records go.") == "where the records go");
  CHECK(as_hint("HMAC key.") == "HMAC key");
  CHECK(as_hint("X") == "X");
  CHECK(as_hint("").empty());
}

TEST_CASE("of two near names the nearer one is meant") {
  CHECK(nearest("keep_when", {"keep_than", "keep_whem"}) == "keep_whem");
  CHECK(nearest("b", {"a", "b"}) == "b");
}

TEST_CASE("without a near name all known ones are listed") {
  CHECK(suggestion("colour", {"name", "sink"}, "keys") == "known keys: name, sink");
  CHECK(suggestion("nam", {"name", "sink"}, "keys") == "did you mean 'name'?");
  CHECK(suggestion("x", {}, "keys").empty());
}

TEST_CASE("a text in quotes cannot disturb a terminal and is not long") {
  CHECK(in_quotes("a") == "'a'");
  CHECK(in_quotes("a\nb\x1b[31m\x7f") == "'a\\nb\\x1b[31m\\x7f'");
  CHECK(in_quotes(std::string(100, 'x')) == "'" + std::string(80, 'x') + "…'");
  CHECK(in_quotes(std::string(79, 'x') + "\xC3\xA4yz") == "'" + std::string(79, 'x') + "…'");  // no half character
}

}  // namespace weir::host::spec
