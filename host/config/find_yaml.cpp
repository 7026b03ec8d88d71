#include <algorithm>
#include <filesystem>
#include <system_error>

#include "config/yaml.h"

namespace weir::host::config {
namespace {

namespace fs = std::filesystem;

bool is_pipeline_file(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".yaml") && !name.ends_with(".test.yaml");
}

void add_folder(const std::string& folder, std::vector<std::string>& files, spec::Diagnostics& diagnostics) {
  std::vector<std::string> found;
  std::error_code failed;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code unknown;
    if (is_pipeline_file(entry->path()) && !entry->is_directory(unknown)) found.push_back(entry->path().string());
  }
  if (failed) {
    diagnostics.error(folder, {}, "the folder cannot be read: " + failed.message());
  } else if (found.empty()) {
    diagnostics.error(folder, {}, "the folder holds no *.yaml file", "*.test.yaml and deeper folders do not count");
  }
  std::sort(found.begin(), found.end());
  files.insert(files.end(), found.begin(), found.end());
}

}  // namespace

std::vector<std::string> find_yaml(const std::vector<std::string>& paths, spec::Diagnostics& diagnostics) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    if (fs::is_directory(status)) {
      add_folder(path, files, diagnostics);
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
