#pragma once
#include <atomic>
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
    bool durable = false;            // made readable for its owner alone; what cannot be synced is an error
    std::uint64_t longest_torn = 0;  // bytes; a longer last line without end is not ours to cut
    Task task{0, 1};
  };
  struct Opened {
    std::shared_ptr<AppendFile> file;  // shared by the tasks of one connector; closed by the last
    std::uint64_t cut = 0;             // bytes of a torn last line that were cut
    std::uint32_t mode = 0;            // its permission bits
  };
  struct Written {
    std::size_t bytes = 0;
    int error = 0;      // errno; 0: all of it
    bool torn = false;  // a line's beginning could not be taken back
  };

  /// FatalError: says what is wrong with the path. RetryError: another file took its place just now.
  static Opened open(const Options& options);
  ~AppendFile();
  AppendFile(const AppendFile&) = delete;
  AppendFile& operator=(const AppendFile&) = delete;

  /// Whole lines. After an error the file ends with the last whole line that was written, if it can be shortened to that: what another
  /// process appended meanwhile, against the lock, is never cut. After a sync that failed nothing is written any more.
  Written append(std::string_view lines);
  /// Returns once what was appended before the call survives a power cut; else an errno, from then on always that. A device that knows
  /// no syncing counts as synced, unless it must be durable.
  [[nodiscard]] int sync();
  /// A task that ends makes room for its next start.
  void leave(std::uint32_t task);

 private:
  AppendFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::uint64_t prepare(const Options& options);
  std::uint64_t cut_torn_line(std::uint64_t size, std::uint64_t longest);
  [[nodiscard]] bool cut_back(std::string_view lines, std::size_t written);
  [[nodiscard]] int sync_now() const;

  std::mutex mutex_;
  std::mutex sync_mutex_;  // one sync at a time: the kernel tells an error to one of them only
  std::string path_;
  int descriptor_;
  bool regular_ = false;
  bool durable_ = false;
  std::atomic<int> sync_error_{0};  // errno of the sync that failed
  std::uint64_t size_ = 0;          // of a regular file, as far as we wrote it
  std::uint32_t task_count_ = 1;
  std::set<std::uint32_t> tasks_;  // that write now
};

}  // namespace weir::plugins
