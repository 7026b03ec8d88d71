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
  return kept.empty() ? make_temporary() : make_kept(kept);
}

Result<WorkFolder> WorkFolder::make_temporary() {
  const char* const chosen = std::getenv("TMPDIR");
  const bool is_chosen = chosen != nullptr && *chosen != '\0';
  const std::string parent = is_chosen ? chosen : "/tmp";
  std::string path = (fs::path(parent) / "weir-chaos-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr)
    return Status::config("cannot make a folder in '" + parent + "'" + (is_chosen ? " (TMPDIR)" : "") + ": " +
                          std::strerror(errno));
  return WorkFolder(fs::canonical(path).string(), true);
}

Result<WorkFolder> WorkFolder::make_kept(const std::string& kept) {
  std::error_code failed;
  const std::string path = fs::absolute(kept).lexically_normal().string();
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return cannot(kept, std::strerror(errno));
  if (!fs::is_directory(path, failed)) return cannot(kept, "it is no folder");
  const bool empty = fs::is_empty(path, failed);
  if (failed) return cannot(kept, failed.message());
  if (!empty) return cannot(kept, "there is something in it");
  // Before anything is written: what comes in may be personal data.
  if (::chmod(path.c_str(), 0700) != 0)
    return cannot(kept, std::string("its mode cannot be set: ") + std::strerror(errno));
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
