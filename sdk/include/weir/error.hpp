#pragma once
#include <weir/abi.h>

#include <concepts>
#include <stdexcept>
#include <string>
#include <string_view>

#include "weir/path.hpp"

/// What a plugin throws to say why it cannot go on. The wrappers around a class turn every exception into a status of abi.h;
/// none leaves the library.
namespace weir {

/// A sentence that was a constant when the plugin was compiled, such as "not an IP address". Reasons leave the pipeline in dead
/// letters and logs, so they can hold no data: a text made at run time does not compile.
class Reason {
 public:
  consteval Reason(const char* text) : text_(text) {}  // NOLINT: meant to convert
  /// Refused with a sentence of its own.
  template <typename Text>
  requires std::same_as<Text, std::string> || std::same_as<Text, std::string_view> Reason(
      const Text& /*text*/) {  // NOLINT: meant to convert
    static_assert(
        sizeof(Text) == 0,
        "a reason is a constant such as \"not an IP address\", no text made at run time: it leaves in logs and "
        "dead letters, so it must hold no data of the record");
  }
  [[nodiscard]] constexpr const char* c_str() const { return text_; }

 private:
  const char* text_;
};

/// This record is bad; the pipeline goes on without it. In apply(Record&) and test(Record&) it fails that record only.
class DataError : public std::exception {
 public:
  explicit DataError(Reason reason) : reason_(reason) {}
  DataError(Reason reason, Path at) : reason_(reason), at_(at) {}

  /// The host said so: its own reason and path, which it remembers, are the better ones.
  [[nodiscard]] static DataError from_host(Reason reason, Path at) {
    DataError error(reason, at);
    error.from_host_ = true;
    return error;
  }

  [[nodiscard]] const char* what() const noexcept override { return reason_.c_str(); }
  [[nodiscard]] Reason reason() const { return reason_; }
  /// The path it is about; empty when there is none.
  [[nodiscard]] Path at() const { return at_; }
  [[nodiscard]] bool is_from_host() const { return from_host_; }

 private:
  Reason reason_;
  Path at_;
  bool from_host_ = false;
};

/// The configuration is refused: thrown by constructors and start. The text may hold settings, never secrets.
class ConfigError : public std::runtime_error {
 public:
  /// `pointer` names the field as it stands in the component: "rules/2/field"; "" is the whole component.
  ConfigError(std::string_view pointer, const std::string& text) : std::runtime_error(text), pointer_(pointer) {}
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

 private:
  std::string pointer_;
};

/// Not now: the host makes the same call again, with back-off. Only when nothing was touched; see transform.hpp. No record data
/// in the text.
class RetryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Never: the task has to stop. No record data in the text.
class FatalError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The plugin used the host against the rules of abi.h: a bug in the plugin.
class UsageError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

namespace detail {

[[noreturn]] inline void raise(weir_status status, Reason reason, const weir_path* at) {
  switch (status) {
    case WEIR_E_DATA:
      throw DataError::from_host(reason, Path(at));
    case WEIR_E_RETRY:
      throw RetryError(reason.c_str());
    case WEIR_E_CONFIG:
      throw ConfigError("", reason.c_str());
    case WEIR_E_USAGE:
      throw UsageError(reason.c_str());
    default:
      throw FatalError(reason.c_str());
  }
}

/// Throws what an error status stands for; `reason` explains it.
inline void check(weir_status status, Reason reason, const weir_path* at = nullptr) {
  if (status < 0) [[unlikely]]
    raise(status, reason, at);
}

}  // namespace detail
}  // namespace weir
