// Files that are meant to hurt. Each is read in a process of its own, whose memory and time are measured by the kernel.
#include <catch2/catch.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "../spec/test_catalog.h"
#include "environment.h"
#include "spec/pipeline_spec.h"

namespace weir::host::config {
namespace {

constexpr std::size_t kMebibyte = 1u << 20;

std::string repeated(const std::string& part, std::size_t bytes, std::string start = {}) {
  while (start.size() + part.size() <= bytes) start += part;
  return start;
}

std::string alias_bomb() {
  std::string text = "x-0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int level = 1; level <= 9; ++level) {
    const std::string alias = "*a" + std::to_string(level - 1);
    text += "x-" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + alias;
    for (int i = 0; i < 8; ++i) text += ", " + alias;
    text += "]\n";
  }
  return text + "name: *a9\n";
}

/// Anchors around anchors: copying each would be quadratic.
std::string nested_anchors() {
  std::string text = "a: ";
  for (int level = 0; level < 60; ++level) text += "&n" + std::to_string(level) + " [";
  text += repeated("x,", 150'000);
  return text + std::string(60, ']') + "\nb: *n0\n";
}

std::string long_text_repeated() {
  std::string text = "x-long: &long \"" + std::string(900'000, 'x') + "\"\nname:\n";
  for (int i = 0; i < 99; ++i) text += "- *long\n";
  return text;
}

struct Cost {
  bool refused = false;
  long kibibytes = 0;
  double seconds = 0;
};

/// What reading the text costs beyond what the process took before. The text itself is made before.
Cost cost_of(const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const rlimit cpu{20, 20};
    ::setrlimit(RLIMIT_CPU, &cpu);
    const spec::TestCatalog catalog;
    spec::Diagnostics diagnostics;
    const auto documents = parse_yaml(text, "/etc/weir/a.yaml", FakeEnvironment().environment(), diagnostics);
    static_cast<void>(spec::check_pipelines(documents, "/etc/weir/a.yaml", "/etc/weir", catalog, diagnostics));
    // Printed too: what is said is bounded as well.
    const bool refused = diagnostics.has_errors() && !diagnostics.text().empty();
    ::_exit(refused ? 7 : 0);
  }
  int status = 0;
  rusage usage{};
  REQUIRE(::wait4(child, &status, 0, &usage) == child);
  Cost cost;
  INFO("wait status " << status);
  REQUIRE(WIFEXITED(status));
  cost.refused = WEXITSTATUS(status) == 7;
  cost.kibibytes = usage.ru_maxrss;
  cost.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return cost;
}

/// What a child that reads nothing much takes: the program, Catch and the texts.
long baseline() { return cost_of("name: a\n").kibibytes; }

/// Whether the text was refused; its cost is checked.
bool refused_cheaply(const std::string& name, const std::string& text) {
  const long before = baseline();
  const Cost cost = cost_of(text);
  INFO(name << ": " << cost.kibibytes - before << " KiB, " << cost.seconds << " s");
#ifndef WEIR_SANITIZED  // a sanitizer's shadow memory is no cost of ours
  CHECK(cost.kibibytes - before < 64 * 1024);
#endif
  CHECK(cost.seconds < 10);
  return cost.refused;
}

}  // namespace

TEST_CASE("an alias bomb is refused within bounded memory and time") {
  CHECK(refused_cheaply("alias bomb", alias_bomb()));
  CHECK(refused_cheaply("nested anchors", nested_anchors()));
  CHECK(refused_cheaply("long text repeated", long_text_repeated()));
}

TEST_CASE("more aliases than the limit are refused") {
  const std::string start = "x: &x 1\ny: [";
  CHECK_FALSE(Parsed(repeated(" *x,", start.size() + 4 * 100, start) + "]\n").diagnostics.has_errors());
  const std::string text = repeated(" *x,", start.size() + 4 * 101, start) + "]\n";
  CHECK(Parsed(text).diagnostics.text().find("more than 100 aliases") != std::string::npos);
}

TEST_CASE("deep nesting is refused within bounded memory and time") {
  for (const char* part : {"[", "{a: ", "[{", "- ", "? ", "{[", "[[]"}) {
    CHECK(refused_cheaply(part, repeated(part, 100'000)));
    CHECK(refused_cheaply(part, repeated(part, kMebibyte)));
  }
}

TEST_CASE("sixty-four levels are allowed and one more is not") {
  const auto nested = [](std::size_t levels) {
    return "a: " + std::string(levels, '[') + "1" + std::string(levels, ']') + "\n";
  };
  CHECK_FALSE(Parsed(nested(63)).diagnostics.has_errors());  // the root is the first level
  CHECK(Parsed(nested(64))
            .diagnostics.text()
            .find("a.yaml:1:67: error: lists and mappings lie within each other deeper than 64 levels") !=
        std::string::npos);
}

TEST_CASE("an alias cannot nest deeper than what is written may") {
  const std::string text = "x-a: &a " + std::string(50, '[') + std::string(50, ']') + "\nb: " + std::string(50, '[') +
                           "*a" + std::string(50, ']') + "\n";
  CHECK(Parsed(text).diagnostics.text().find("the aliases nest deeper than 64 levels") != std::string::npos);
}

TEST_CASE("a mebibyte of anything is refused or read within bounded memory and time") {
  for (const char* part :
       {"a,", "\"\"", "a: ", "[]", "''", "*a ", "&a ", "!a ", ":", "a\n ", "{}", "!<>", "a:", "1,"}) {
    CHECK(refused_cheaply(part, repeated(part, kMebibyte, "[")));
  }
  for (const char* part : {"- x\n", "&a ", "!!", "'", "\"", "- - \n", "a: 1\n", "? a\n", "<<: 1\n", "!x "}) {
    CHECK(refused_cheaply(part, repeated(part, kMebibyte)));
  }
  // One long text, no document, one comment.
  for (const char* part : {"a\n", "--- \n", "#", " ", "\n"})
    static_cast<void>(refused_cheaply(part, repeated(part, kMebibyte)));
}

TEST_CASE("the largest file that is right costs bounded memory and time") {
  std::string text =
      "name: a\nsource: {type: stdin}\nsink: {type: discard}\ntransforms:\n  - type: set\n    field: f\n    value:\n";
  text = repeated("      - {a: b}\n", text.size() + 49'000 * 14, text);
  CHECK_FALSE(refused_cheaply("49,000 mappings", text));
}

TEST_CASE("more than a hundred thousand values are refused") {
  CHECK(Parsed(repeated("- 1\n", 4 * 100'000)).diagnostics.text().find("more than 100000 values") != std::string::npos);
  const Parsed allowed(repeated("- 1\n", 4 * 99'999));
  CHECK_FALSE(allowed.diagnostics.has_errors());
  CHECK(allowed.root().items.size() == 99'999);
}

}  // namespace weir::host::config
