#include "cli/chaos/work_folder.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace weir::host::cli::chaos {
namespace {

namespace fs = std::filesystem;

Status cannot(const std::string& path, const std::string& why) {
  return Status::config("cannot work in '" + path + "': " + why);
}

}  // namespace

Result<WorkFolder> WorkFolder::make(const std::string& kept) {
  std::error_code failed;
  if (kept.empty()) {
    std::string pattern = (fs::temp_directory_path(failed) / "weir-chaos-XXXXXX").string();
    if (failed || ::mkdtemp(pattern.data()) == nullptr) return cannot(pattern, std::strerror(errno));
    return WorkFolder(fs::canonical(pattern).string(), true);
  }
  const std::string path = fs::absolute(kept).lexically_normal().string();
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return cannot(kept, std::strerror(errno));
  const bool empty = fs::is_empty(path, failed);
  if (failed) return cannot(kept, failed.message());
  if (!empty) return cannot(kept, "there is something in it");
  return WorkFolder(fs::canonical(path).string(), false);
}

WorkFolder::~WorkFolder() {
  if (!temporary_) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

WorkFolder::WorkFolder(WorkFolder&& other) noexcept
    : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, false)) {}

}  // namespace weir::host::cli::chaos
