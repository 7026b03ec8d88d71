#include "json/skip.h"

#include <cstdint>

namespace weir::host::json {
namespace {

/// A name and its colon.
inline const char* skip_name(Cursor& at) {
  if (at.peek() != '"') return kNoName;
  at.advance();
  if (at.peek() != ':') return kNoColon;
  at.advance();
  return nullptr;
}

}  // namespace

[[gnu::noinline]] const char* scalar_fault(const char* at, const char* stop, const char* end) {
  if (is_scalar(at, stop)) return nullptr;
  return scalar_end(at, end) == nullptr ? kNoValue : kBadScalar;
}

const char* skip_container(Cursor& cursor, unsigned depth, const char* end, const char*& last) {
  Cursor at = cursor;
  std::uint64_t objects = 0;  // bit i: the container i levels up is an object
  static_assert(kMaxDepth <= 64);
  unsigned open = 0;
  for (;;) {  // a value begins
    const char first = at.peek();
    if (first == '"') {
      at.advance();
    } else if (first == '{' || first == '[') {
      if (depth + ++open > kMaxDepth) return kTooDeep;
      const bool is_object = first == '{';
      objects = objects << 1 | static_cast<std::uint64_t>(is_object);
      at.advance();
      if (at.peek() != (is_object ? '}' : ']')) {
        const char* const fault = is_object ? skip_name(at) : nullptr;
        if (fault != nullptr) return fault;
        continue;
      }
    } else {
      const char* unused = nullptr;
      const char* const fault = skip_scalar(at, end, unused);
      if (fault != nullptr) return fault;
    }
    for (;;) {  // a value has ended
      const bool in_object = (objects & 1) != 0;
      const char next = at.peek();
      if (next == ',') {
        at.advance();
        const char* const fault = in_object ? skip_name(at) : nullptr;
        if (fault != nullptr) return fault;
        break;
      }
      if (next != (in_object ? '}' : ']')) return in_object ? kNoMember : kNoElement;
      last = at.here();
      at.advance();
      objects >>= 1;
      if (--open == 0) {
        cursor.follow(at);
        return nullptr;
      }
    }
  }
}

}  // namespace weir::host::json
