#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::plugins {

/// The setting `path`: one file, or with `*`, `?` or `[…]` in its names all that fit. A name that is there just as it is written is
/// meant, whatever characters it holds; `\` takes its meaning from the next character. `*` matches no `/` and no leading dot.
class Pattern {
 public:
  explicit Pattern(std::string path);  // absolute

  [[nodiscard]] const std::string& text() const { return text_; }
  /// It may stand for several files.
  [[nodiscard]] bool has_wildcards() const { return wildcards_; }
  /// The paths that fit, in the order of their names; no folders. FatalError: a folder cannot be listed.
  [[nodiscard]] std::vector<std::string> files() const;
  /// Whether a file of that path, were it there, would be one of them.
  [[nodiscard]] bool matches(std::string_view path) const;

 private:
  std::string text_;
  std::vector<std::string> names_;  // of folders, the last of files
  bool wildcards_ = false;
};

/// The names in a folder with their inodes, as the folder tells them (another one where something is mounted). FatalError: it cannot be
/// listed; a folder that is not there has none.
struct FolderEntry {
  std::string name;
  std::uint64_t inode;
};
[[nodiscard]] std::vector<FolderEntry> entries_of(const std::string& folder);

/// "/var/log" of "/var/log/a.log", "/" of "/a"; and "a.log".
[[nodiscard]] std::string folder_of(std::string_view path);
[[nodiscard]] std::string_view name_of(std::string_view path);
/// The reverse.
[[nodiscard]] std::string path_in(const std::string& folder, std::string_view name);

}  // namespace weir::plugins
