#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include "test_case.h"

namespace weir::host::json::test {

/// Where a generator's decisions come from: a seeded sequence, or the bytes of a fuzzer.
class Choices {
 public:
  virtual ~Choices() = default;
  /// 0 ≤ result < bound.
  virtual std::size_t below(std::size_t bound) = 0;
  bool one_in(std::size_t n) { return below(n) == 0; }
};

class Seeded final : public Choices {
 public:
  explicit Seeded(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}
  std::size_t below(std::size_t bound) override;

 private:
  std::uint64_t state_;
};

/// A document as events have it, but nasty: escaped and repeated names, long numbers, JSON in strings, deep nesting, white space
/// anywhere, broken bytes; paths that mostly lead somewhere in it; and one to six operations.
[[nodiscard]] TestCase generate(Choices& choices);
/// The same for a given document.
[[nodiscard]] TestCase generate_for(Choices& choices, std::string document);

}  // namespace weir::host::json::test
