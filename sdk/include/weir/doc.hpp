#pragma once
#include <weir/abi.h>

#include <concepts>
#include <exception>
#include <limits>
#include <optional>
#include <string_view>
#include <type_traits>

#include "weir/error.hpp"

namespace weir {

/// A JSON value as the host found it. Arrays and objects are only counted here; Doc::each walks them. Views live until the call
/// into the plugin returns, through any write.
class Value {
 public:
  explicit Value(const weir_value& value) : value_(value) {}

  [[nodiscard]] bool is_null() const { return value_.type == WEIR_NULL; }
  [[nodiscard]] bool is_text() const { return value_.type == WEIR_STRING; }
  [[nodiscard]] bool is_flag() const { return value_.type == WEIR_BOOL; }
  [[nodiscard]] bool is_number() const { return value_.type >= WEIR_INT && value_.type <= WEIR_DOUBLE; }
  [[nodiscard]] bool is_array() const { return value_.type == WEIR_ARRAY; }
  [[nodiscard]] bool is_object() const { return value_.type == WEIR_OBJECT; }

  /// Of a string, unescaped. Each of these is empty for a value of another type.
  [[nodiscard]] std::optional<std::string_view> text() const {
    if (!is_text()) return std::nullopt;
    return detail::to_view(value_.as.s);
  }
  /// Of a whole number; DataError between int64 and uint64. Whole numbers beyond uint64 and those written 1.0 or 1e0 have
  /// number() and their text in Doc::raw.
  [[nodiscard]] std::optional<std::int64_t> integer() const {
    if (value_.type == WEIR_INT) return value_.as.i;
    if (value_.type != WEIR_UINT) return std::nullopt;
    if (value_.as.u > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      throw DataError("a whole number is beyond 64 bits with sign");
    return static_cast<std::int64_t>(value_.as.u);
  }
  /// Of any number; above 2^53 the nearest double.
  [[nodiscard]] std::optional<double> number() const {
    if (value_.type == WEIR_DOUBLE) return value_.as.d;
    if (value_.type == WEIR_INT) return static_cast<double>(value_.as.i);
    if (value_.type == WEIR_UINT) return static_cast<double>(value_.as.u);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<bool> flag() const {
    if (!is_flag()) return std::nullopt;
    return value_.as.i != 0;
  }
  /// The JSON text as it stands, of a value given for a path of Use::read_text or edit_text; such a value has nothing else. Empty for others,
  /// which Doc::raw has the text of.
  [[nodiscard]] std::optional<std::string_view> json() const {
    if (value_.type != WEIR_JSON) return std::nullopt;
    return detail::to_view(value_.as.s);
  }
  /// Members of an array or object; 0 for others.
  [[nodiscard]] std::size_t count() const { return is_array() || is_object() ? value_.as.count : 0; }
  [[nodiscard]] const weir_value& handle() const { return value_; }

 private:
  weir_value value_;
};

/// What Doc::rewrite does with a place. Texts must live until rewrite calls again or returns: a member of the class, a constant.
class Edit {
 public:
  [[nodiscard]] static Edit keep() { return Edit(WEIR_KEEP, {}); }
  [[nodiscard]] static Edit remove() { return Edit(WEIR_REMOVE, {}); }
  [[nodiscard]] static Edit text(std::string_view text) { return Edit(WEIR_REPLACE, text); }
  /// A JSON text, written as it stands.
  [[nodiscard]] static Edit json(std::string_view json) { return Edit(WEIR_REPLACE_JSON, json); }

  [[nodiscard]] std::int32_t action() const { return action_; }
  [[nodiscard]] const weir_value& to() const { return to_; }

 private:
  Edit(std::int32_t action, std::string_view text) : action_(action) {
    to_.type = WEIR_STRING;
    to_.as.s = detail::to_c(text);
  }
  std::int32_t action_;
  weir_value to_{};
};

/// The JSON document of one slot of a record. Reads and writes go through compiled paths; what is not written keeps its bytes.
/// Every call may throw DataError: a duplicate key on the way, a number or text that cannot be used, and as said below. Valid
/// during the call into the plugin; a copy costs two pointers. [task]
class Doc {
 public:
  Doc(const weir_host* host, weir_doc* doc) : host_(host), doc_(doc) {}

  /// The value at a path, empty when there is none or it is of another type. A path with * or **: its first place.
  [[nodiscard]] std::optional<std::string_view> text(Path path) const { return typed(path, &Value::text); }
  [[nodiscard]] std::optional<std::int64_t> integer(Path path) const { return typed(path, &Value::integer); }
  [[nodiscard]] std::optional<double> number(Path path) const { return typed(path, &Value::number); }
  [[nodiscard]] std::optional<bool> flag(Path path) const { return typed(path, &Value::flag); }
  /// Its JSON text as it stands: "12.50", "\"a\\u0062\"", "null".
  [[nodiscard]] std::optional<std::string_view> raw(Path path) const;
  /// The value of any type.
  [[nodiscard]] std::optional<Value> get(Path path) const;
  /// There, null included.
  [[nodiscard]] bool has(Path path) const { return raw(path).has_value(); }

  /// Writes a value; missing objects on the way are created. Past the end of an array: nothing. Through a scalar: DataError.
  void set(Path path, std::string_view text);
  void set(Path path, const char* text) { set(path, std::string_view(text)); }
  void set(Path path, std::nullptr_t);
  template <typename T>
  requires std::is_arithmetic_v<T>
  void set(Path path, T value);
  /// Writes a JSON text as it stands.
  void set_json(Path path, std::string_view json);
  /// Removes a member or element, every one a path with * or ** names; false: nothing was there.
  bool remove(Path path);
  /// Moves a member; an existing target is replaced. False: nothing was there.
  bool rename(Path from, Path to);

  /// Calls visit(name, value) for the members of one array (names empty) or object, in order. `visit` returns nothing, or a
  /// bool: false ends the walk. False: nothing there that has members.
  template <std::invocable<std::string_view, const Value&> Visit>
  bool each(Path path, Visit&& visit) const;
  /// Calls visit(name, value) for every place that a path with * or ** names, in document order; name: of the member it is.
  /// Paths made by Context::within on this path are resolved at that place meanwhile. False: no place.
  template <std::invocable<std::string_view, const Value&> Visit>
  bool match(Path path, Visit&& visit) const;
  /// Calls edit(name, value) -> Edit for every place a path names, in document order, parents first, and does what it says.
  /// What was replaced is not entered. False: no place.
  template <std::invocable<std::string_view, const Value&> Rewrite>
  bool rewrite(Path path, Rewrite&& rewrite);

  [[nodiscard]] weir_doc* handle() const { return doc_; }

 private:
  template <typename T>
  std::optional<T> typed(Path path, std::optional<T> (Value::*as)() const) const {
    const std::optional<Value> value = get(path);
    if (!value) return std::nullopt;
    try {
      return ((*value).*as)();
    } catch (const DataError& error) {
      throw DataError(error.reason(), path);
    }
  }
  void write(Path path, const weir_value& value);

  const weir_host* host_;
  weir_doc* doc_;
};

namespace detail {

/// Carries a callable and what it threw through the C callback.
template <typename Callable>
struct Walk {
  Callable& call;
  std::exception_ptr thrown = nullptr;

  static weir_status visit(void* user, weir_str name, const weir_value* value) noexcept {
    auto& self = *static_cast<Walk*>(user);
    try {
      if constexpr (std::is_same_v<std::invoke_result_t<Callable&, std::string_view, const Value&>, void>) {
        self.call(to_view(name), Value(*value));
        return WEIR_OK;
      } else {
        return self.call(to_view(name), Value(*value)) ? WEIR_OK : WEIR_END;
      }
    } catch (...) {
      self.thrown = std::current_exception();
      return WEIR_E_FATAL;
    }
  }

  static std::int32_t rewrite(void* user, weir_str name, const weir_value* at, weir_value* to) noexcept {
    auto& self = *static_cast<Walk*>(user);
    try {
      const Edit edit = self.call(to_view(name), Value(*at));
      *to = edit.to();
      return edit.action();
    } catch (...) {
      self.thrown = std::current_exception();
      return WEIR_E_FATAL;
    }
  }

  /// True: something was there.
  bool done(weir_status status, Path path) {
    if (thrown) std::rethrow_exception(thrown);
    check(status, "the document cannot be used at this path", path.handle());
    return status != WEIR_NOT_FOUND;
  }
};

}  // namespace detail

inline std::optional<Value> Doc::get(Path path) const {
  weir_value value;
  const weir_status status = host_->get(doc_, path.handle(), &value);
  detail::check(status, "the value cannot be used", path.handle());
  if (status != WEIR_OK) return std::nullopt;
  return Value(value);
}

inline std::optional<std::string_view> Doc::raw(Path path) const {
  weir_str json;
  const weir_status status = host_->raw(doc_, path.handle(), &json);
  detail::check(status, "the value cannot be used", path.handle());
  if (status != WEIR_OK) return std::nullopt;
  return detail::to_view(json);
}

inline void Doc::write(Path path, const weir_value& value) {
  detail::check(host_->set(doc_, path.handle(), &value), "the field cannot be written", path.handle());
}

inline void Doc::set(Path path, std::string_view text) {
  weir_value value{};
  value.type = WEIR_STRING;
  value.as.s = detail::to_c(text);
  write(path, value);
}

inline void Doc::set(Path path, std::nullptr_t) { write(path, weir_value{}); }

template <typename T>
requires std::is_arithmetic_v<T>
void Doc::set(Path path, T number) {
  weir_value value{};
  if constexpr (std::is_same_v<T, bool>) {
    value.type = WEIR_BOOL;
    value.as.i = number ? 1 : 0;
  } else if constexpr (std::is_floating_point_v<T>) {
    value.type = WEIR_DOUBLE;
    value.as.d = number;
  } else if constexpr (std::is_signed_v<T>) {
    value.type = WEIR_INT;
    value.as.i = number;
  } else {
    value.type = WEIR_UINT;
    value.as.u = number;
  }
  write(path, value);
}

inline void Doc::set_json(Path path, std::string_view json) {
  detail::check(host_->set_json(doc_, path.handle(), detail::to_c(json)), "the field cannot be written", path.handle());
}

inline bool Doc::remove(Path path) {
  const weir_status status = host_->remove(doc_, path.handle());
  detail::check(status, "the field cannot be removed", path.handle());
  return status == WEIR_OK;
}

inline bool Doc::rename(Path from, Path to) {
  const weir_status status = host_->move(doc_, from.handle(), to.handle());
  detail::check(status, "the field cannot be renamed", from.handle());
  return status == WEIR_OK;
}

template <std::invocable<std::string_view, const Value&> Visit>
bool Doc::each(Path path, Visit&& visit) const {
  detail::Walk<std::remove_reference_t<Visit>> walk{visit};
  return walk.done(host_->each(doc_, path.handle(), &walk.visit, &walk), path);
}

template <std::invocable<std::string_view, const Value&> Visit>
bool Doc::match(Path path, Visit&& visit) const {
  detail::Walk<std::remove_reference_t<Visit>> walk{visit};
  return walk.done(host_->match(doc_, path.handle(), &walk.visit, &walk), path);
}

template <std::invocable<std::string_view, const Value&> Rewrite>
bool Doc::rewrite(Path path, Rewrite&& rewrite) {
  static_assert(std::is_same_v<std::invoke_result_t<Rewrite&, std::string_view, const Value&>, Edit>,
                "what is given to Doc::rewrite returns a weir::Edit: keep(), remove(), text(…) or json(…)");
  detail::Walk<std::remove_reference_t<Rewrite>> walk{rewrite};
  return walk.done(host_->rewrite(doc_, path.handle(), &walk.rewrite, &walk), path);
}

}  // namespace weir
