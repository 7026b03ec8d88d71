#pragma once
#include <weir/abi.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace weir::host {

/// The outcome of an operation: a code of abi.h, which names the reaction, and for people a sentence that says what is wrong
/// and what would be right. The sentence never holds record data. OK is the default and costs no allocation.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(weir_status code, std::string message) : code_(code), message_(std::move(message)) {}

  static Status config(std::string message) { return {WEIR_E_CONFIG, std::move(message)}; }
  static Status data(std::string message) { return {WEIR_E_DATA, std::move(message)}; }
  static Status retry(std::string message) { return {WEIR_E_RETRY, std::move(message)}; }
  static Status fatal(std::string message) { return {WEIR_E_FATAL, std::move(message)}; }

  [[nodiscard]] bool ok() const { return code_ >= 0; }
  [[nodiscard]] weir_status code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  weir_status code_ = WEIR_OK;
  std::string message_;
};

/// A value, or the Status that says why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}         // NOLINT: meant to convert
  Result(Status status) : held_(std::in_place_index<1>, std::move(status)) {}  // NOLINT: meant to convert

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] T& operator*() & { return std::get<0>(held_); }
  [[nodiscard]] const T& operator*() const& { return std::get<0>(held_); }
  [[nodiscard]] T&& operator*() && { return std::get<0>(std::move(held_)); }
  [[nodiscard]] T* operator->() { return &std::get<0>(held_); }
  [[nodiscard]] const T* operator->() const { return &std::get<0>(held_); }
  /// OK when there is a value.
  [[nodiscard]] Status status() const { return ok() ? Status() : std::get<1>(held_); }

 private:
  std::variant<T, Status> held_;
};

/// The code's name without WEIR_, as it stands in dead letters and logs: "E_DATA".
[[nodiscard]] std::string_view status_name(weir_status code);

}  // namespace weir::host
