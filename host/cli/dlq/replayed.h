#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "checkpoint/file.h"
#include "errors/status.h"

namespace weir::host::cli {

/// Which lines of a file of dead letters have been replayed, kept beside it in FILE.replayed: one line each,
///
///   IDENTITY OFFSET FINGERPRINT
///
/// of the file (identity_of), of the line's first byte in it, and of the line's text, so that a line counts only while the file is the
/// same and the line stands where it stood. Mode 0600.
class Replayed {
 public:
  struct Line {
    std::uint64_t offset;
    std::string fingerprint;
  };

  /// For looking: a file that is missing is empty.
  [[nodiscard]] static Result<Replayed> read(const std::string& letters, const std::string& identity);
  /// For adding: made when it is missing, a torn last line is cut, and nobody else may add to it until it is closed. E_CONFIG: somebody
  /// does.
  [[nodiscard]] static Result<Replayed> open(const std::string& letters, const std::string& identity);

  [[nodiscard]] bool contains(std::uint64_t offset, std::string_view line) const;
  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  /// So many lines are those of another file that had the name.
  [[nodiscard]] std::size_t foreign() const { return foreign_; }

  /// Durable when OK.
  [[nodiscard]] Status add(const std::vector<Line>& lines) { return append(identity_, lines); }
  /// The same for a file that is to take the place of this one.
  [[nodiscard]] Status append(const std::string& identity, const std::vector<Line>& lines);
  /// Only lines of that file stay; without any the file goes. What is lost on the way only means that a letter is sent again.
  [[nodiscard]] Status keep_only(const std::string& identity);

 private:
  Replayed(std::string path, std::string identity) : path_(std::move(path)), identity_(std::move(identity)) {}
  [[nodiscard]] Status load();

  std::string path_;
  std::string identity_;
  std::unique_ptr<FileDescriptor> file_;                  // null: there is none
  std::uint64_t end_ = 0;                                 // of its whole lines
  std::unordered_map<std::uint64_t, std::string> lines_;  // offset to fingerprint
  std::size_t foreign_ = 0;
};

/// Writes all of it, whatever write() takes at a time.
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes);
/// The names in the folder of `path` survive a power cut.
[[nodiscard]] Status sync_folder_of(const std::string& path);

}  // namespace weir::host::cli
