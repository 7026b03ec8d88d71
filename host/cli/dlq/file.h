#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "checkpoint/file.h"
#include "errors/status.h"

namespace weir::host::cli {

/// The lines of a file of dead letters, one after the other: those that were whole when it was opened. What is appended later, and a
/// last line without its end, is not read.
class LetterFile {
 public:
  /// A longer line is no dead letter: it is told as one without text.
  static constexpr std::size_t kLongestLine = std::size_t{512} << 20;

  struct Line {
    std::uint64_t number = 0;  // from 1
    std::uint64_t offset = 0;  // of its first byte
    std::string_view text;     // without its end, valid until the next call
    bool too_long = false;
  };

  /// E_CONFIG: it is not there, or no file.
  [[nodiscard]] static Result<LetterFile> open(const std::string& path);

  /// False: there are no more, or status() says why not.
  [[nodiscard]] bool next(Line& line);
  [[nodiscard]] const Status& status() const { return status_; }
  /// Bytes behind the last whole line, seen once next() said false.
  [[nodiscard]] std::uint64_t torn() const { return torn_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Which file it is, whatever its path: the same text until another takes its place.
  [[nodiscard]] const std::string& identity() const { return identity_; }
  [[nodiscard]] int descriptor() const { return file_->get(); }
  /// Of all that is read, bytes.
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  LetterFile() = default;
  [[nodiscard]] bool fill();

  std::string path_;
  std::string identity_;
  std::unique_ptr<FileDescriptor> file_;
  std::uint64_t size_ = 0;
  std::string buffer_;           // bytes from the file, the next line's first
  std::size_t begin_ = 0;        // of the next line in it
  std::uint64_t buffer_at_ = 0;  // its offset in the file
  std::uint64_t number_ = 0;
  std::uint64_t torn_ = 0;
  Status status_;
};

/// Which file an open one is, by its inode and when that was made; "": that cannot be told.
[[nodiscard]] std::string identity_of(int descriptor);

}  // namespace weir::host::cli
