#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/node.h"

namespace weir::host::config {

/// A sentence about a place in a file, before it has the file's name.
struct Complaint {
  spec::Mark mark;
  std::string message;
  std::string hint;
};

/// The bytes of a YAML file, with the places people count: lines and columns from 1, columns in code points. Keeps a view of the
/// text, which has to outlive it.
class SourceText {
 public:
  /// A byte order mark is cut.
  explicit SourceText(std::string_view text);

  [[nodiscard]] std::string_view text() const { return text_; }
  /// The place of a byte; the end of the text for an offset beyond it.
  [[nodiscard]] spec::Mark mark(std::size_t offset) const;
  /// The text from a byte on.
  [[nodiscard]] std::string_view from(std::size_t offset) const;
  /// The line (without its end) and where in the text it begins; empty beyond the last one.
  [[nodiscard]] std::string_view line(std::size_t number) const;
  [[nodiscard]] std::size_t line_start(std::size_t number) const;
  /// The byte of a place that yaml-cpp names: line and column from 0, columns in bytes.
  [[nodiscard]] std::size_t offset(int line, int column) const;

 private:
  [[nodiscard]] std::size_t code_points_before(std::size_t offset) const;

  std::string_view text_;
  std::vector<std::size_t> line_starts_;
  std::vector<std::size_t>
      code_points_;  // before each block of the text, so that a column on a long line costs one block
};

/// The first byte that is not valid UTF-8, or nothing.
[[nodiscard]] std::optional<std::size_t> invalid_utf8(std::string_view text);

/// What makes a text no YAML before it is parsed: bytes that are not UTF-8, control characters (yaml-cpp takes U+0004 for the end
/// of the file and guesses UTF-16 from NULs), lone carriage returns (lines would be counted wrongly).
[[nodiscard]] std::optional<Complaint> unreadable(const SourceText& source);

/// yaml-cpp 0.7 tokenises a whole flow collection before it parses any of it, at up to 280 bytes a token: a text with so many
/// indicators that this could pass some 40 MiB is refused. No file within the limit of nodes comes near.
[[nodiscard]] std::optional<Complaint> too_dense(const SourceText& source);

}  // namespace weir::host::config
