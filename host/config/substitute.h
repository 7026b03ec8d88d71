#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/source_text.h"
#include "config/yaml.h"

namespace weir::host::config {

/// The text of a scalar with its ${…} replaced.
struct Substituted {
  std::string text;
  bool secret = false;  // some of it came from a file
  bool unset = false;   // some of it had no value: not to be judged
};

/// Replaces ${env:NAME}, ${env:NAME:-default}, ${env:NAME:?message}, ${file:PATH} and $$ (design section 7). Values are not looked
/// through again: nothing nests. Reads each file once. One for each YAML file.
class Substitution {
 public:
  /// `directory`: what the paths of ${file:…} are relative to.
  Substitution(const Environment& environment, std::string directory);

  /// What is wrong goes to `complaints` at `mark`, and is missing in the text.
  [[nodiscard]] Substituted apply(const std::string& text, spec::Mark mark, std::vector<Complaint>& complaints);

 private:
  struct Place {
    spec::Mark mark;
    std::vector<Complaint>& complaints;
    Substituted& out;
  };

  void reference(std::string_view inside, Place& place);
  void variable(std::string_view inside, Place& place);
  void file(std::string_view path, Place& place);
  void missing(std::string message, std::string hint, Place& place);
  static void wrong(std::string message, std::string hint, Place& place);

  const Environment& environment_;
  std::string directory_;
  std::map<std::string, Result<std::string>> files_;
};

}  // namespace weir::host::config
