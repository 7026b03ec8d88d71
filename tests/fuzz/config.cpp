// Any bytes as a configuration file: parsed, substituted and checked. Finds crashes and what sanitizers see; and whatever is
// said has a place within the text.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/yaml.h"
#include "spec/pipeline_spec.h"
#include "test_catalog.h"

using namespace weir::host;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const spec::TestCatalog catalog;
  config::Environment environment;
  environment.variable = [](const std::string& name) {
    return name == "A" ? std::optional<std::string>("5") : std::nullopt;
  };
  environment.file = [](const std::string&) -> Result<std::string> { return std::string("canary-3f9a(\n"); };
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  spec::Diagnostics diagnostics;
  const auto documents = config::parse_yaml(text, "/f.yaml", environment, diagnostics);
  const auto pipelines = spec::check_pipelines(documents, "/f.yaml", "/", catalog, diagnostics);
  if (text.find("canary") == std::string_view::npos && diagnostics.text().find("canary") != std::string::npos)
    std::abort();
  if (pipelines.size() > documents.size()) std::abort();
  return 0;
}
