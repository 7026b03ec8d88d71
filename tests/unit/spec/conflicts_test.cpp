#include "spec/conflicts.h"

#include <catch2/catch.hpp>

#include "nodes.h"
#include "test_catalog.h"

namespace weir::host::spec {
namespace {

Node file(const std::string& path) { return map({{"type", plain("file")}, {"path", plain(path)}}); }

Node named(const std::string& name, Node source, Node sink) {
  return map({{"name", plain(name)}, {"source", std::move(source)}, {"sink", std::move(sink)}});
}

/// What is complained about when these pipelines run together.
std::string conflicts(const std::vector<Node>& documents, const FileIdentity& identity = by_path) {
  const TestCatalog catalog;
  Diagnostics diagnostics;
  const auto pipelines = check_pipelines(documents, "f.yaml", "/d", catalog, diagnostics);
  REQUIRE(pipelines.size() == documents.size());
  check_conflicts(pipelines, identity, diagnostics);
  return diagnostics.text();
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("pipelines with files of their own do not stand in each other's way") {
  CHECK(conflicts({named("a", file("in"), file("a")), named("b", file("in"), file("b"))}).empty());
  CHECK(conflicts({named("a", file("x/out"), file("out"))}).empty());
}

TEST_CASE("a file that another pipeline writes may be read, with a warning") {
  const std::string text = conflicts({named("a", file("in"), file("mid")), named("b", file("/d/mid"), file("out"))});
  CHECK(says(text, "warning: 'path': the source of 'b' would read the file that the sink of 'a' writes"));
  CHECK_FALSE(says(text, "error"));
  const std::string other = conflicts({named("b", file("mid"), file("out")), named("a", file("in"), file("mid"))});
  CHECK(says(other, "warning: 'path': the sink of 'a' would write to the file that the source of 'b' reads"));
}

TEST_CASE("pipelines that feed each other round in a circle are refused, however many they are") {
  const std::string two = conflicts({named("a", file("x"), file("y")), named("b", file("y"), file("x"))});
  CHECK(says(two, "error: 'path': the source of 'a' would read its own records again: 'a' → 'b' → 'a'; "));
  std::vector<Node> ring;
  for (int i = 0; i < 100; ++i)
    ring.push_back(
        named("p" + std::to_string(i), file("f" + std::to_string(i)), file("f" + std::to_string((i + 1) % 100))));
  const std::string many = conflicts(ring);
  CHECK(says(many, "error: 'path': the source of 'p0' would read its own records again: 'p0' → 'p1' → 'p2'"));
  CHECK(says(many, "→ … (100 pipelines)"));
  ring.pop_back();
  CHECK_FALSE(says(conflicts(ring), "error"));
}

TEST_CASE("each circle of pipelines is told, and ways that only meet are none") {
  const std::string text =
      conflicts({named("a", file("x"), file("y")), named("b", file("y"), file("x")), named("c", file("u"), file("v")),
                 named("d", file("v"), file("u")), named("e", file("y"), file("w")), named("f", file("w"), file("z"))});
  CHECK(says(text, "'a' → 'b' → 'a'"));
  CHECK(says(text, "'c' → 'd' → 'c'"));
  CHECK_FALSE(says(text, "'e'→"));
  CHECK_FALSE(says(text, "→ 'e'"));
}

TEST_CASE("dead letters may go back to where records come from") {
  Node retried = named("a", file("x"), file("y"));
  retried.members.push_back({"dead_letter", {}, file("bad")});
  CHECK_FALSE(says(conflicts({retried, named("b", file("bad"), file("x"))}), "error"));
}

TEST_CASE("an error is told before a warning about the same place") {
  const std::string text = conflicts(
      {named("a", file("x"), file("y")), named("b", file("z"), file("x")), named("c", file("in"), file("x"))});
  CHECK(says(text, "error: 'path': the sink of 'c' would write to the file that the sink of 'b' writes"));
}

TEST_CASE("a pipeline knows the files it writes") {
  const TestCatalog catalog;
  Diagnostics diagnostics;
  const auto pipelines =
      check_pipelines({named("a", file("in"), file("out")), named("b", file("in"), file("/dev/null"))}, "f.yaml", "/d",
                      catalog, diagnostics);
  REQUIRE(pipelines.size() == 2);
  CHECK(files_written(pipelines[0]) == std::vector<std::string>{"/d/out"});
  CHECK(files_written(pipelines[1]).empty());
}

TEST_CASE("devices may be shared") {
  CHECK(conflicts({named("a", file("in"), file("/dev/null")), named("b", file("in"), file("/dev/null"))}).empty());
}

TEST_CASE("a spool has its folder to itself, by whatever name the files in it are known") {
  const auto spooling = [](const std::string& name, Node sink, const std::string& folder) {
    return map({{"name", plain(name)},
                {"source", file("in")},
                {"sink", std::move(sink)},
                {"spool", map({{"path", plain(folder)}})}});
  };
  CHECK(conflicts({spooling("a", file("s-out"), "s"), spooling("b", file("t/out"), "t-s")}).empty());
  const auto by_inode = [](const std::string& path) { return path == "/d/s/out" ? "inode 1:2" : path; };
  const std::vector<Node> inside{named("a", file("in"), file("s/out")), spooling("b", file("out"), "s")};
  for (const FileIdentity& identity : {FileIdentity(by_path), FileIdentity(by_inode)}) {
    CHECK(
        says(conflicts(inside, identity), "error: 'path': the spool of 'b' and the sink of 'a' would share a folder"));
  }
  CHECK(says(conflicts({spooling("a", file("x"), "s/a"), spooling("b", file("y"), "s")}),
             "error: 'path': the spool of 'b' and the spool of 'a' would share a folder"));
}

TEST_CASE("paths of one identity are one file, and the message says that it has another path") {
  const auto linked = [](const std::string& path) { return path == "/d/link" ? "/d/in" : path; };
  const std::vector<Node> pipelines{named("a", file("in"), file("link"))};
  CHECK(conflicts(pipelines).empty());
  const std::string text = conflicts(pipelines, linked);
  CHECK(says(text, "error: 'path': the sink of 'a' would write to the file that the source of 'a' reads"));
  CHECK(says(text, ", by another path"));
  const std::string plain_text = conflicts({named("a", file("in"), file("in"))}, linked);
  CHECK(says(plain_text, "error"));
  CHECK_FALSE(says(plain_text, "another path"));
  const auto device = [](const std::string&) { return "/dev/full"; };
  CHECK(conflicts(pipelines, device).empty());
}

TEST_CASE("outputs are found within maps and lists, of transforms too") {
  const Node outputs = map({{"low", list({plain("a"), plain("b")})}, {"high", list({plain("c"), plain("out")})}});
  const Node sampler = map({{"type", plain("sampler")}, {"outputs", outputs}});
  const std::string text =
      conflicts({pipeline({{"transforms", list({sampler})}}), named("b", file("in2"), file("out"))});
  CHECK(says(text, "the sink of 'b' would write to the file that transform 'sampler' of 'orders' writes"));
}

TEST_CASE("a path that has no value without an environment is not judged") {
  const Node sink = map({{"type", plain("file")}, {"path", unset(plain(""))}});
  CHECK(conflicts({named("a", file("in"), sink), named("b", file("in"), sink)}).empty());
}

TEST_CASE("what a process has once is used once") {
  const Node input = map({{"type", plain("stdin")}});
  CHECK(conflicts({named("a", input, file("a")), named("b", file("in"), file("b"))}).empty());
  CHECK(says(conflicts({named("a", input, file("a")), named("b", input, file("b"))}), "a second source 'stdin'"));
}

TEST_CASE("the text of a secret path is not shown") {
  const Node sink = map({{"type", plain("file")}, {"path", secret(plain("canary"))}});
  const std::string text = conflicts({named("a", file("in"), sink), named("b", file("in"), sink)});
  CHECK(says(text, "error"));
  CHECK_FALSE(says(text, "canary"));
}

}  // namespace
}  // namespace weir::host::spec
