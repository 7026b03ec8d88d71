#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "errors/status.h"

namespace weir::host::json {

/// One step of a path (grammar: design section 3, "Path grammar").
struct Step {
  enum class Kind : std::uint8_t { name, index, any, any_depth, embedded };  // .a  [3]  *  **  @json
  Kind kind = Kind::name;
  std::string name;  // unescaped
  std::uint64_t index = 0;
  friend bool operator==(const Step&, const Step&) = default;
};

/// A parsed path such as `events[*].data.custom_attributes["$city"]`. Value type.
class Path {
 public:
  /// E_CONFIG with the byte at which the grammar was left and what would be right there. An empty text is the root itself.
  static Result<Path> parse(std::string_view text);
  /// The same for a path that begins where another one ends: `@json` may be its first step.
  static Result<Path> parse_relative(std::string_view text);

  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  /// Names more than one place: has `*` or `**`.
  [[nodiscard]] bool wild() const;
  /// Some place named by this path may be, hold or lie within one named by `other`: what WEIR_PIN and validate ask.
  [[nodiscard]] bool touches(const Path& other) const;

 private:
  std::vector<Step> steps_;
  std::string text_;
};

}  // namespace weir::host::json
