#include "cli/run/watch.h"

#include <sys/stat.h>

#include <filesystem>

namespace weir::host::cli {
namespace {

constexpr std::chrono::milliseconds kClockTick{10};  // times of files are those of the tick before, at most

/// Which file it is, its size and its times; links are followed.
std::string state_of(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return "gone";
  const auto time = [](const timespec& at) { return std::to_string(at.tv_sec) + "." + std::to_string(at.tv_nsec); };
  return std::to_string(facts.st_dev) + " " + std::to_string(facts.st_ino) + " " + std::to_string(facts.st_size) + " " +
         time(facts.st_mtim) + " " + time(facts.st_ctim);
}

bool has_changed_since(const std::string& path, Watch::Time since) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return false;
  const auto changed = std::chrono::seconds(facts.st_ctim.tv_sec) + std::chrono::nanoseconds(facts.st_ctim.tv_nsec);
  return changed >= since.time_since_epoch();
}

/// Only what a reload would read: folders of state and data lie beside configurations, and change all the time.
bool counts(const std::filesystem::path& path) { return path.extension() == ".yaml" || path.extension() == ".so"; }

std::vector<std::string> entries_of(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (counts(entry->path())) found.push_back(entry->path().string());
  }
  return found;
}

}  // namespace

Watch::Watch(std::vector<std::string> roots) : roots_(std::move(roots)) {}

void Watch::follow(const std::vector<std::string>& files, Time read) {
  files_ = files;
  last_ = look();
  States known = last_;
  for (auto& [path, state] : known) {
    if (const auto before = known_.find(path); before != known_.end())
      state = before->second;
    else if (has_changed_since(path, read - kClockTick))
      state.clear();
  }
  known_ = std::move(known);
}

bool Watch::changed() {
  States now = look();
  const bool quiet = now == last_;
  last_ = std::move(now);
  if (!quiet || last_ == known_) return false;
  known_ = last_;
  return true;
}

Watch::States Watch::look() const {
  States all;
  for (const std::string& root : roots_) {
    std::error_code failed;
    if (!std::filesystem::is_directory(root, failed)) {
      all[root] = state_of(root);
      continue;
    }
    for (const std::string& entry : entries_of(root)) all[entry] = state_of(entry);
  }
  for (const std::string& file : files_) all[file] = state_of(file);
  return all;
}

}  // namespace weir::host::cli
