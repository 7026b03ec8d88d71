#include <algorithm>
#include <filesystem>
#include <system_error>

#include "config/yaml.h"

namespace weir::host::config {
namespace {

namespace fs = std::filesystem;

bool counts(const fs::path& path, Content content) {
  const std::string name = path.filename().string();
  return name.ends_with(".yaml") && name.ends_with(".test.yaml") == (content == Content::tests);
}

void add_folder(const std::string& folder, Content content, std::vector<std::string>& files,
                spec::Diagnostics& diagnostics) {
  std::vector<std::string> found;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unknown;
    if (counts(entry->path(), content) && !entry->is_directory(unknown)) found.push_back(entry->path().string());
  }
  if (failed) {
    diagnostics.error(folder, {}, "the folder cannot be read: " + failed.message());
  } else if (found.empty()) {
    const bool tests = content == Content::tests;
    diagnostics.error(folder, {}, std::string("the folder holds no *.") + (tests ? "test.yaml" : "yaml") + " file",
                      tests ? "deeper folders do not count" : "*.test.yaml and deeper folders do not count");
  }
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
}

}  // namespace

std::vector<std::string> find_yaml(const std::vector<std::string>& paths, spec::Diagnostics& diagnostics,
                                   Content content) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    if (fs::is_directory(status)) {
      add_folder(path, content, files, diagnostics);
    } else if (status.type() == fs::file_type::not_found) {
      diagnostics.error(path, {}, "there is no such file or folder");
    } else if (failed) {
      diagnostics.error(path, {}, "the file cannot be read: " + failed.message());
    } else {
      files.push_back(path);
    }
  }
  return files;
}

}  // namespace weir::host::config
