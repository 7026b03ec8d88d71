#pragma once
#include <weir/abi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/condition.h"
#include "spec/node.h"

namespace weir::host::spec {

/// A checked configuration value: defaults filled in, durations in ms, sizes in bytes, file paths absolute and normalised.
/// Numbers keep their text. What `struct weir_host`'s config calls answer from. Immutable once made.
struct Value {
  struct Member;

  std::uint32_t type = WEIR_NULL;  // WEIR_NULL … WEIR_OBJECT
  bool boolean = false;
  std::int64_t integer = 0;    // WEIR_INT
  std::uint64_t uinteger = 0;  // WEIR_UINT: beyond int64
  double number = 0;           // WEIR_DOUBLE
  std::string text;            // of a string; of a number as written
  std::vector<Value> items;
  std::vector<Member> members;  // file order
  std::shared_ptr<const json::ConditionExpr>
      condition;  // of a WEIR_CONDITION field (type is then WEIR_OBJECT); shared: tasks compile it each
  Mark mark;      // where it stands; 0:0 for a default
  bool secret = false;
  bool unset = false;  // --no-env: some ${…} in it had no value, so it holds none

  /// The value at a JSON-Pointer-like place: "rules/2/action", "" is itself, '/' in a name is "~1", '~' is "~0". null: none.
  [[nodiscard]] const Value* at(std::string_view pointer) const;
  /// Compact JSON, numbers as written, members in file order. Secrets in clear: for plugins, never for people.
  [[nodiscard]] std::string json() const;
};

struct Value::Member {
  Member(std::string member_name, Value member_value) : name(std::move(member_name)), value(std::move(member_value)) {}
  std::string name;
  Value value;
};

}  // namespace weir::host::spec
