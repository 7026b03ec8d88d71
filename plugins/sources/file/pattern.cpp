#include "pattern.h"

#include <dirent.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <weir/error.hpp>

namespace weir::plugins {
namespace {

struct Close {
  void operator()(DIR* folder) const { closedir(folder); }
};

bool has_wildcard(std::string_view name) { return name.find_first_of("*?[\\") != std::string_view::npos; }

bool fits(const std::string& pattern, const std::string& name) {
  return pattern == name || fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    if (slash > at) names.emplace_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return names;
}

bool exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// `prefix`: "" or "/a/b". Appends the paths below it that fit `names` from `index` on.
void expand(const std::string& prefix, const std::vector<std::string>& names, std::size_t index,
            std::vector<std::string>& out) {
  const std::string& name = names[index];
  const bool last = index + 1 == names.size();
  const std::string as_written = prefix + '/' + name;
  if (!has_wildcard(name) || exists(as_written)) {
    last ? out.push_back(as_written) : expand(as_written, names, index + 1, out);
    return;
  }
  for (const FolderEntry& entry : entries_of(prefix.empty() ? "/" : prefix)) {
    if (!fits(name, entry.name)) continue;
    const std::string path = prefix + '/' + entry.name;
    if (last) {
      if (!is_folder(path)) out.push_back(path);
    } else if (is_folder(path)) {
      expand(path, names, index + 1, out);
    }
  }
}

}  // namespace

Pattern::Pattern(std::string path) : text_(std::move(path)), names_(split(text_)) {
  wildcards_ = std::any_of(names_.begin(), names_.end(), has_wildcard);
}

std::vector<std::string> Pattern::files() const {
  std::vector<std::string> paths;
  if (!names_.empty()) expand("", names_, 0, paths);
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool Pattern::matches(std::string_view path) const {
  const std::vector<std::string> names = split(path);
  return names.size() == names_.size() && std::equal(names_.begin(), names_.end(), names.begin(), fits);
}

std::vector<FolderEntry> entries_of(const std::string& folder) {
  const std::unique_ptr<DIR, Close> open(opendir(folder.c_str()));
  const auto cannot = [&](int error) {
    return FatalError("cannot list " + folder + ": " + std::generic_category().message(error));
  };
  if (!open && (errno == ENOENT || errno == ENOTDIR)) return {};
  if (!open) throw cannot(errno);
  std::vector<FolderEntry> entries;
  for (errno = 0; const dirent* entry = readdir(open.get()); errno = 0) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_ino});
  }
  if (errno != 0) throw cannot(errno);
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == 0 || slash == std::string_view::npos ? "/" : path.substr(0, slash));
}

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string path_in(const std::string& folder, std::string_view name) {
  return (folder == "/" ? "" : folder) + '/' + std::string(name);
}

}  // namespace weir::plugins
