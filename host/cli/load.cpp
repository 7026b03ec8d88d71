#include "cli/load.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "config/yaml.h"

namespace weir::host::cli {
namespace {

bool was_judged(const spec::Value& value) {
  if (value.unset) return false;
  for (const spec::Value& item : value.items) {
    if (!was_judged(item)) return false;
  }
  for (const auto& [name, member] : value.members) {
    if (!was_judged(member)) return false;
  }
  return true;
}

}  // namespace

std::unique_ptr<Registry> load_plugins(const CommonOptions& common) {
  auto registry = std::make_unique<Registry>();
  for (const PluginFolder& folder : plugin_folders(common.plugins)) registry->load_folder(folder);
  for (const std::string& warning : registry->warnings()) Log().warn(warning);
  for (const std::string& error : registry->errors()) complain(error, kExitUsage);
  if (registry->errors().empty() && registry->all().empty()) {
    Log().warn(
        "No plugins were found that can be read: not beside weir (../plugins, ../lib/weir/plugins), nor in --plugins "
        "or $WEIR_PLUGINS.");
  }
  return registry->errors().empty() ? std::move(registry) : nullptr;
}

std::vector<spec::PipelineSpec> check_files(const std::vector<std::string>& paths, const spec::Catalog& catalog,
                                            const LoadOptions& options, spec::Diagnostics& diagnostics) {
  config::Environment environment = config::Environment::process();
  environment.allow_unset = options.allow_unset;
  const auto note = [&options](const std::string& file) {
    if (options.files_read != nullptr) options.files_read->push_back(std::filesystem::absolute(file).string());
  };
  environment.file = [&note, read = environment.file](const std::string& file) {
    note(file);
    return read(file);
  };
  std::vector<spec::PipelineSpec> pipelines;
  spec::PipelineNames names;
  for (const std::string& file : config::find_yaml(paths, diagnostics)) {
    note(file);
    const std::vector<spec::Node> documents = config::read_yaml(file, environment, diagnostics);
    names.add(documents, file, diagnostics);
    const std::string directory = std::filesystem::absolute(file).parent_path().lexically_normal().string();
    for (spec::PipelineSpec& pipeline : spec::check_pipelines(documents, file, directory, catalog, diagnostics))
      pipelines.push_back(std::move(pipeline));
  }
  spec::check_conflicts(pipelines, options.file_identity, diagnostics);
  return pipelines;
}

std::optional<std::vector<spec::PipelineSpec>> load_pipelines(const std::vector<std::string>& paths,
                                                              const spec::Catalog& catalog,
                                                              const LoadOptions& options) {
  spec::Diagnostics diagnostics;
  auto pipelines = check_files(paths, catalog, options, diagnostics);
  print(diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return pipelines;
}

bool was_judged(const spec::ComponentSpec& component) {
  return !component.payload.unset && was_judged(component.fields);
}

bool were_judged(const std::vector<spec::ComponentSpec>& components) {
  return std::all_of(components.begin(), components.end(), [](const auto& each) { return was_judged(each); });
}

void print(const spec::Diagnostics& diagnostics) {
  if (Log::format() == LogFormat::text) {
    std::fputs(diagnostics.text().c_str(), stderr);
    return;
  }
  for (const spec::Diagnostic* const each : diagnostics.sorted()) {
    const auto level = each->severity == spec::Diagnostic::Severity::error ? LogLevel::error : LogLevel::warn;
    const std::string hint = each->hint.empty() ? "" : "; " + each->hint;
    Log().write(level, each->message + hint,
                {{"file", each->file}, {"line", each->mark.line}, {"column", each->mark.column}});
  }
  if (diagnostics.left_out() > 0) Log().error("There are more.", {{"left_out", diagnostics.left_out()}});
}

void print_refusal(const Status& status, const spec::Diagnostics& diagnostics) {
  print(diagnostics);
  if (!status.ok() && !diagnostics.has_errors()) complain(status.message(), kExitUsage);
}

}  // namespace weir::host::cli
