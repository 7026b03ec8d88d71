#pragma once
#include <weir/abi.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir {

/// The two parts of a record that may hold JSON.
enum class Slot : std::int32_t { key = WEIR_KEY, value = WEIR_VALUE };

/// What a component does with a path; the host plans and checks by it.
enum class Use : std::uint32_t {
  read = WEIR_READ,
  write = WEIR_WRITE,
  edit = WEIR_READ | WEIR_WRITE,
  pinned = WEIR_READ | WEIR_PIN,                   // read, and no later transform may write it: `weir validate` checks
  read_text = WEIR_READ | WEIR_TEXT,               // read; Doc::match gives values that have json() only
  edit_text = WEIR_READ | WEIR_WRITE | WEIR_TEXT,  // edit; Doc::match and Doc::rewrite give such values
};

/// A compiled path such as `user.email` or `events[*].data.*`. Made by Context::path in the constructor; a copy costs a pointer
/// and stays valid as long as the instance.
class Path {
 public:
  Path() = default;  // names nothing, to be assigned: no document call takes it
  explicit constexpr Path(const weir_path* handle) : handle_(handle) {}
  explicit constexpr operator bool() const { return handle_ != nullptr; }
  [[nodiscard]] constexpr const weir_path* handle() const { return handle_; }

 private:
  const weir_path* handle_ = nullptr;
};

namespace detail {

inline weir_str to_c(std::string_view text) { return {text.data() == nullptr ? "" : text.data(), text.size()}; }
inline weir_str to_c_or_null(std::optional<std::string_view> text) { return text ? to_c(*text) : weir_str{nullptr, 0}; }
inline std::string_view to_view(weir_str text) {
  return text.ptr == nullptr ? std::string_view() : std::string_view(text.ptr, text.len);
}
inline std::optional<std::string_view> to_optional(weir_str text) {
  if (text.ptr == nullptr) return std::nullopt;
  return std::string_view(text.ptr, text.len);
}

}  // namespace detail
}  // namespace weir
