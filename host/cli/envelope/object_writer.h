#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace weir::host::cli {

/// Bytes as JSON text with its quotes; nothing: they are not UTF-8.
[[nodiscard]] std::optional<std::string> json_string(std::string_view bytes);
/// The same; bytes that are not UTF-8 as {"base64":…}, null as null.
[[nodiscard]] std::string json_bytes(std::optional<std::string_view> bytes);

/// Writes one JSON object on one line, member by member.
class ObjectWriter {
 public:
  /// `value` is UTF-8, else it shows as "".
  void text(std::string_view name, std::string_view value);
  /// As text(), but "" is left out.
  void text_if_any(std::string_view name, std::string_view value);
  /// `json` is JSON.
  void raw(std::string_view name, std::string_view json);
  /// Under `name`, or in base64 under NAME_base64; nothing is left out.
  void bytes(std::string_view name, std::optional<std::string_view> value);
  [[nodiscard]] bool empty() const { return line_.size() == 1; }
  [[nodiscard]] std::string done() const { return line_ + "}"; }

 private:
  std::string line_ = "{";
};

}  // namespace weir::host::cli
