#include "cli/file_identity.h"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace weir::host::cli {
namespace {

constexpr int kMostLinks = 40;  // as many as Linux follows

/// Follows links by hand: std::filesystem leaves those that lead to nothing.
std::string path_behind_links(const std::string& path) {
  std::error_code error;
  std::filesystem::path target = path;
  for (int links = 0; links < kMostLinks && is_symlink(symlink_status(target, error)); ++links)
    target = target.parent_path() / read_symlink(target, error);
  const std::filesystem::path real = weakly_canonical(target, error);
  return error ? path : real.string();
}

}  // namespace

std::string file_identity(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return path_behind_links(path);
  return "inode " + std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

}  // namespace weir::host::cli
