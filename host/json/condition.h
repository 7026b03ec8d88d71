#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "errors/status.h"
#include "json/path.h"

namespace weir::host::json {

/// A scalar a condition compares with; numbers keep their text, so that 64-bit and longer ones compare by value.
struct Literal {
  enum class Type : std::uint8_t { null, boolean, number, string };
  Type type = Type::null;
  bool boolean = false;
  std::string text;  // of a number as JSON, of a string unescaped
};

/// A condition as configuration says it (design section 7, "Conditions"). A tree; leaves name a field and one operator.
struct ConditionExpr {
  enum class Op : std::uint8_t { all, any, negation, equals, not_equals, in, matches, prefix, exists, less, greater };
  Op op = Op::all;
  std::vector<ConditionExpr> children;  // of all, any, negation (one)
  Path field;                           // of a leaf
  std::vector<Literal> literals;        // in: any number; exists: one boolean; else one
};

}  // namespace weir::host::json
