#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <weir/context.hpp>

namespace weir::plugins {

/// A file that lines are appended to. It is open once in the process and locked against others: one path, one sink. The tasks of one
/// connector share it. Thread-safe.
class AppendFile {
 public:
  struct Options {
    std::string path;
    bool durable = false;            // made readable for its owner alone; itself and its name are synced
    std::uint64_t longest_torn = 0;  // bytes; a longer last line without end is not ours to cut
    Task task{0, 1};
  };
  struct Opened {
    std::shared_ptr<AppendFile> file;  // shared by the tasks of one connector; closed by the last
    std::uint64_t cut = 0;             // bytes of a torn last line that were cut
  };
  struct Written {
    std::size_t bytes = 0;
    int error = 0;  // errno; 0: all of it
  };

  /// FatalError: says what is wrong with the path.
  static Opened open(const Options& options);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// Whole lines. After an error the file ends with the last whole line that was written, if it can be shortened to that.
  Written append(std::string_view lines);
  /// Returns once what was appended survives a power cut; else an errno.
  [[nodiscard]] int sync();
  /// A task that ends makes room for its next start.
  void leave(std::uint32_t task);

 private:
  AppendFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::uint64_t prepare(const Options& options);
  std::uint64_t cut_torn_line(std::uint64_t size, std::uint64_t longest);
  void cut_back(std::string_view lines, std::size_t written);

  std::mutex mutex_;
  std::string path_;
  int descriptor_;
  bool regular_ = false;
  std::uint64_t size_ = 0;  // of a regular file, as far as we wrote it
  std::uint32_t task_count_ = 1;
  std::set<std::uint32_t> tasks_;  // that write now
};

}  // namespace weir::plugins
