#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::host::spec {

/// A place in a configuration file; line and column are 1-based, 0 is unknown.
struct Mark {
  std::size_t line = 0;
  std::size_t column = 0;
};

/// A scalar, list or mapping of a configuration file as it was written, after substitution of ${…}. Keys are unique and in file
/// order. Value type; made by host/config or by hand in tests.
struct Node {
  enum class Kind { scalar, list, map };
  struct Member;

  Kind kind = Kind::scalar;
  Mark mark;
  std::string text;     // of a scalar, after substitution
  bool quoted = false;  // a quoted or block scalar is always a string
  bool secret = false;  // some of it came from ${file:…}: never printed
  bool unset = false;   // --no-env: some ${…} had no value; its type and value are not judged
  std::vector<Node> items;
  std::vector<Member> members;

  /// The member of that name, or null.
  [[nodiscard]] const Node* find(std::string_view name) const;
};

struct Node::Member {
  std::string name;
  Mark mark;  // of the key
  Node value;
};

/// One thing wrong with a configuration: `file:line:column: message; hint`.
struct Diagnostic {
  enum class Severity { error, warning };
  std::string file;
  Mark mark;
  std::string message;  // what is wrong; never a secret's text
  std::string hint;     // what would be right; may be empty
  Severity severity = Severity::error;
};

/// Collects diagnostics; all of a run are shown at once, in file order. Keeps the first 2000: a broken file costs bounded memory.
class Diagnostics {
 public:
  void error(std::string file, Mark mark, std::string message, std::string hint = {});
  void warning(std::string file, Mark mark, std::string message, std::string hint = {});
  /// All that others collected.
  void add(const Diagnostics& others);
  [[nodiscard]] bool has_errors() const { return errors_ != 0; }
  /// How many errors were added so far.
  [[nodiscard]] std::size_t error_count() const { return errors_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// Sorted by file and place, none twice. Valid until one is added.
  [[nodiscard]] std::vector<const Diagnostic*> sorted() const;
  /// How many more there were than were kept.
  [[nodiscard]] std::size_t left_out() const { return left_out_; }
  /// One a line, sorted: "pipelines.yaml:3:5: error: unknown key 'sorce'; did you mean 'source'?"
  [[nodiscard]] std::string text() const;

 private:
  void add(Diagnostic diagnostic);

  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace weir::host::spec
