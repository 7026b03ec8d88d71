#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "reference_document.h"

namespace weir::host::json::test {

enum class Op : std::uint8_t { get, raw, each, match, match_relative, set, set_json, rewrite, move, remove };
inline constexpr std::size_t kOps = 10;
inline constexpr std::array<const char*, kOps> kOpNames{"get", "raw",      "each",    "match", "match_relative",
                                                        "set", "set_json", "rewrite", "move",  "remove"};

struct Action {
  Op op = Op::get;
  std::size_t path = 0;    // index into TestCase::paths
  std::size_t target = 0;  // of move; of match_relative: the relative path
  std::string text;        // what set and set_json write
  std::uint64_t seed = 0;  // of what rewrite answers
};

/// A document and what is done to it, for the engine and for the reference.
struct TestCase {
  std::string document;
  std::string earlier;  // a document that the engine has read before; empty: none
  std::vector<reference::Path> paths;
  std::vector<reference::Path> relatives;
  std::vector<Action> actions;
};

/// How often each operation ran, and how often it ended OK.
struct Tally {
  std::array<std::uint64_t, kOps> run{};
  std::array<std::uint64_t, kOps> ok{};
  std::uint64_t refused = 0;  // documents that are no JSON
  std::uint64_t data_errors = 0;
};

[[nodiscard]] std::string path_text(const reference::Path& path);
[[nodiscard]] std::string describe(const TestCase& test);
/// Does it with both. Empty: same outcomes, same values, same bytes; else what differs.
[[nodiscard]] std::string difference(const TestCase& test, Tally& tally);

}  // namespace weir::host::json::test
