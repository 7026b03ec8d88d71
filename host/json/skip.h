#pragma once
#include "json/cursor.h"
#include "json/text.h"

namespace weir::host::json {

inline constexpr unsigned kMaxDepth = 64;  // containers within containers

inline constexpr const char* kNoName = "expected a name in quotes";
inline constexpr const char* kNoColon = "expected a colon after the name";
inline constexpr const char* kNoValue = "expected a value";
inline constexpr const char* kNoMember = "expected a comma or } after a member";
inline constexpr const char* kNoElement = "expected a comma or ] after an element";
inline constexpr const char* kTooDeep = "nested deeper than 64";
inline constexpr const char* kBadScalar = "a bad number or literal";

/// Checks the container the cursor stands on, `depth` containers deep, with everything in it, and moves behind it. Null, or why
/// it is none. `last`: its closing bracket. String contents were checked before (StructuralIndex, Escapes).
[[nodiscard]] const char* skip_container(Cursor& cursor, unsigned depth, const char* end, const char*& last);

/// Why what lies between the two is no number or literal; null: it is one. Out of line: the loops around it want the registers.
[[nodiscard]] const char* scalar_fault(const char* at, const char* stop, const char* end);

/// As skip_container, for a number or literal. `stop`: its end.
[[nodiscard]] inline const char* skip_scalar(Cursor& cursor, const char* end, const char*& stop) {
  const char* const start = cursor.here();
  if (start == end) return kNoValue;
  cursor.advance();
  stop = skip_space_before(cursor.here());
  return scalar_fault(start, stop, end);
}

/// The same for any value whose end nobody wants to know.
[[nodiscard]] inline const char* skip_value(Cursor& cursor, unsigned depth, const char* end) {
  const char first = cursor.peek();
  if (first == '"') {
    cursor.advance();
    return nullptr;
  }
  const char* unused = nullptr;
  if (first != '{' && first != '[') return skip_scalar(cursor, end, unused);
  Cursor copy = cursor;  // whose address the call may have
  const char* const fault = skip_container(copy, depth, end, unused);
  cursor.follow(copy);
  return fault;
}

}  // namespace weir::host::json
