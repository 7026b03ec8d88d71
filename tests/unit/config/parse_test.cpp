#include <catch2/catch.hpp>

#include "environment.h"

namespace weir::host::config {
namespace {

using spec::Node;

std::string place(const spec::Mark& mark) { return std::to_string(mark.line) + ":" + std::to_string(mark.column); }

}  // namespace

TEST_CASE("lists and mappings keep their order and places") {
  const Parsed parsed("b: 1\na:\n  - x\n  - {k: v}\n");
  REQUIRE_FALSE(parsed.diagnostics.has_errors());
  REQUIRE(parsed.root().members.size() == 2);
  CHECK(parsed.root().members[0].name == "b");
  CHECK(place(parsed.root().members[0].value.mark) == "1:4");
  const Node& list = *parsed.root().find("a");
  CHECK(place(parsed.root().members[1].mark) == "2:1");
  CHECK(place(list.items[0].mark) == "3:5");
  CHECK(place(list.items[1].mark) == "4:5");
  CHECK(place(list.items[1].members[0].value.mark) == "4:9");
}

TEST_CASE("columns count characters and lines end with LF or CRLF") {
  const Parsed parsed("\xC3\xA4\xF0\x9F\x98\x80: {k: v}\r\nb: c\r\n");
  CHECK(place(parsed.root().members[0].value.members[0].value.mark) == "1:9");
  CHECK(place(parsed.root().members[1].value.mark) == "2:4");
  CHECK(parsed.text("b") == "c");
}

TEST_CASE("a byte order mark is not part of the text") {
  const Parsed parsed("\xEF\xBB\xBFname: a\n");
  CHECK_FALSE(parsed.diagnostics.has_errors());
  CHECK(place(parsed.root().members[0].mark) == "1:1");
  CHECK(place(parsed.root().members[0].value.mark) == "1:7");
}

TEST_CASE("quoted and block texts are known as such") {
  const Parsed parsed("a: 1\nb: \"1\"\nc: '1'\nd: |\n  1\ne: >-\n  x\n  y\n");
  CHECK_FALSE(parsed.root().find("a")->quoted);
  for (const char* key : {"b", "c", "d", "e"}) CHECK(parsed.root().find(key)->quoted);
  CHECK(parsed.text("d") == "1\n");
  CHECK(parsed.text("e") == "x y");
}

TEST_CASE("what YAML takes for null stays as it is written") {
  const Parsed parsed("a: ~\nb: Null\nc: NULL\nd: null\ne:\nf: [null, ~]\nnull: 1\n~: 2\n");
  REQUIRE_FALSE(parsed.diagnostics.has_errors());
  CHECK(parsed.text("a") == "~");
  CHECK(parsed.text("b") == "Null");
  CHECK(parsed.text("c") == "NULL");
  CHECK(parsed.text("d") == "null");
  CHECK(parsed.text("e").empty());
  CHECK(parsed.root().find("f")->items[1].text == "~");
  CHECK(parsed.text("null") == "1");
  CHECK(parsed.text("~") == "2");
}

TEST_CASE("an empty value before a key named null is empty") {
  const Parsed parsed("a:\nnull: 1\n");
  CHECK(parsed.text("a").empty());
  CHECK(place(parsed.root().find("a")->mark) == "1:3");
}

TEST_CASE("an empty value stands behind its colon or dash") {
  const Parsed parsed("a:   # comment\nb: {c: , d: }\ne:\n  -\n  - # x\n  - f\n");
  REQUIRE_FALSE(parsed.diagnostics.has_errors());
  CHECK(place(parsed.root().find("a")->mark) == "1:3");
  CHECK(place(parsed.root().find("b")->find("c")->mark) == "2:7");
  CHECK(place(parsed.root().find("b")->find("d")->mark) == "2:12");
  CHECK(place(parsed.root().find("e")->items[0].mark) == "4:4");
  CHECK(place(parsed.root().find("e")->items[1].mark) == "5:4");
}

TEST_CASE("aliases repeat what they name, with its place") {
  const Parsed parsed("x-rule: &rule {field: ip}\na: *rule\nb: [*rule, &t text, *t]\n");
  REQUIRE_FALSE(parsed.diagnostics.has_errors());
  CHECK(parsed.root().find("x-rule") == nullptr);
  CHECK(parsed.root().find("a")->find("field")->text == "ip");
  CHECK(place(parsed.root().find("a")->find("field")->mark) == "1:23");
  CHECK(parsed.root().find("b")->items[0].find("field")->text == "ip");
  CHECK(parsed.root().find("b")->items[2].text == "text");
}

TEST_CASE("keys that begin with x- are ignored in the root only and never looked into") {
  const Parsed parsed("x-note: ${env:NO_SUCH_VARIABLE} ${x:y}\na: {x-note: 1}\n");
  CHECK_FALSE(parsed.diagnostics.has_errors());
  CHECK(parsed.root().members.size() == 1);
  CHECK(parsed.root().find("a")->find("x-note")->text == "1");
}

TEST_CASE("an anchor of one document is unknown in the next") {
  const Parsed parsed("a: &x 1\n---\nb: *x\n");
  CHECK(parsed.diagnostics.text().find("a.yaml:3:4: error: this alias names no anchor") != std::string::npos);
}

TEST_CASE("documents are separated by dashes, and empty ones are left out") {
  CHECK(Parsed("---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n---\nc: 3\n---\n").documents.size() == 3);
  CHECK(Parsed("a: 1\n...\nb: 2\n").documents.size() == 2);
}

TEST_CASE("a file without a document says so") {
  for (const char* text : {"", "# only a comment\n", "---\n", "---\n---\n", "\xEF\xBB\xBF"}) {
    const Parsed parsed(text);
    CHECK(parsed.documents.empty());
    CHECK(parsed.diagnostics.text() ==
          "/etc/weir/a.yaml:1:1: error: the file holds no pipeline; a pipeline has name, source and sink\n");
  }
}

TEST_CASE("documents before a broken one are still read") {
  const Parsed parsed("a: 1\n---\nb: [\n");
  CHECK(parsed.documents.size() == 1);
  CHECK(parsed.diagnostics.error_count() == 1);
}

TEST_CASE("UTF-16 is refused with or without a byte order mark") {
  const std::string with_mark("\xFF\xFEn\0:\0", 6);
  const std::string without_mark("n\0a\0m\0e\0:\0 \0a\0", 14);
  CHECK(Parsed(with_mark).diagnostics.text().find(":1:1: error: the file is not valid UTF-8") != std::string::npos);
  CHECK(Parsed(without_mark).diagnostics.text().find(":1:2: error: the file has a control character (U+0000)") !=
        std::string::npos);
}

TEST_CASE("a text of all valid lengths of UTF-8 passes and every invalid one is found") {
  CHECK_FALSE(
      Parsed("a: \"\x7E\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\"\n")
          .diagnostics.has_errors());
  for (const char* bad : {"\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82", "\xF0\x8F\xBF\xBF",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"}) {
    CHECK(Parsed(std::string("a: ") + bad + "\n").diagnostics.text().find(":1:4: error: the file is not valid UTF-8") !=
          std::string::npos);
  }
}

}  // namespace weir::host::config
