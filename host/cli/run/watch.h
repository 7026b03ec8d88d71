#pragma once
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace weir::host::cli {

/// Tells when files have changed, by looking at them: every file system can be asked for sizes and times, not every one tells of
/// changes. [control]
class Watch {
 public:
  /// `roots`: files and folders; of a folder its own entries count, and those that come.
  explicit Watch(std::vector<std::string> roots);

  using Time = std::chrono::system_clock::time_point;

  /// `files`: others that count from here on. What did not count so far is reported if it has changed since `read`, when somebody began to
  /// read it.
  void follow(const std::vector<std::string>& files, Time read);
  /// Looks. True: something differs from what was last reported, and was the same at the last two looks, so that nobody
  /// seems to be writing.
  [[nodiscard]] bool changed();

 private:
  using States = std::map<std::string, std::string>;  // by path

  [[nodiscard]] States look() const;

  std::vector<std::string> roots_;
  std::vector<std::string> files_;
  States known_;
  States last_;
};

}  // namespace weir::host::cli
