#include <cstdlib>

#include "config/read_file.h"
#include "config/yaml.h"

namespace weir::host::config {

Environment Environment::process() {
  constexpr std::size_t kLongestSecret = 1u << 20;
  Environment environment;
  environment.variable = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());  // NOLINT: configuration is read before there are threads
    if (value == nullptr) return std::nullopt;
    return value;
  };
  environment.file = [](const std::string& path) { return read_file(path, kLongestSecret); };
  return environment;
}

}  // namespace weir::host::config
