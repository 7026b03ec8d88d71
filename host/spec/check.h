#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "spec/field.h"
#include "spec/node.h"
#include "spec/value.h"

namespace weir::host::spec {

/// Checks what a file says against tables of fields, fills in defaults and converts: durations to ms, sizes to bytes, files to
/// absolute paths, conditions to expressions. The pipeline's own keys and every component go through it. Goes on after an error,
/// so that all of them are seen at once; what is returned beside an error is not to be used. Never shows a secret.
class Checker {
 public:
  /// `directory`: what relative paths are relative to. `diagnostics` outlives the checker.
  Checker(std::string file, std::string directory, Diagnostics& diagnostics);

  /// A mapping against its table. `where` is for messages: "the pipeline", "source 'file'".
  [[nodiscard]] Value object(const std::vector<Field>& fields, const Node& node, std::string_view where);
  /// One value against its field; fields of component types only for their shape.
  [[nodiscard]] Value value(const Field& field, const Node& node);

  void error(Mark mark, std::string message, std::string hint = {});
  void warning(Mark mark, std::string message, std::string hint = {});

 private:
  Value checked(const Field& field, const Node& node);
  Value map(const Field& field, const Node& node);
  Value list(const Field& field, const Node& node);
  Value one(const Field& field, const Node& node);
  Value scalar(const Field& field, const Node& node);
  Value text(const Field& field, const Node& node);
  Value file(const Field& field, const Node& node);
  Value number(const Field& field, const Node& node);
  Value measure(const Field& field, const Node& node);
  Value any(const Node& node);
  void members(const std::vector<Field>& fields, const Node& node, std::string_view where, Value& out);
  void absent(const Field& field, const Node& node, std::string_view where, Value& out);
  Value expected(const Field& field, const Node& node);
  Value refuse(const Field& field, const Node& node, const std::string& what, std::string hint = {});

  std::string file_;
  std::string directory_;
  Diagnostics& diagnostics_;
};

/// The scalar as a message may show it: quoted and cut, or "(secret)" when it came from ${file:…} or its field is a secret.
[[nodiscard]] std::string shown(const Node& node, const Field& field);

}  // namespace weir::host::spec
