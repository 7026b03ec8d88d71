#include "plugin/registry.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <set>

#include "plugin/library.h"
#include "plugin/tables.h"
#include "plugin/verify.h"

namespace weir::host {

struct Registry::Loaded {
  /// What is wrong with a library: `clash` when only another library stands in its way.
  struct Refusal {
    Status status;
    bool clash = false;
  };
  std::deque<plugin::LoadedComponent> components;     // infos are handed out: they must not move
  std::map<plugin::FileId, Refusal> files;            // good and refused ones: no file is loaded twice
  std::map<std::string, const weir_plugin*> plugins;  // the good ones, by ComponentInfo::library
  std::vector<std::string> folders;                   // that were searched
  std::vector<std::string> errors;
  std::vector<std::string> warnings;

  [[nodiscard]] const plugin::LoadedComponent* find(std::uint32_t kind, std::string_view name) const {
    for (const auto& each : components) {
      if (each.info.kind == kind && each.info.name == name) return &each;
    }
    return nullptr;
  }

  Refusal load(const std::string& file);
  static Refusal refuse(const std::string& file, const Status& why) {
    return {Status(why.code(), file + ": " + why.message())};
  }
  Refusal load_verified(const std::string& file, const plugin::FileId& id);
  Refusal adopt(std::vector<plugin::LoadedComponent> found, const std::string& file);
};

Registry::Loaded::Refusal Registry::Loaded::load(const std::string& file) {
  const auto id = plugin::verify_file(file);
  if (!id) return refuse(file, id.status());
  const auto known = files.find(*id);
  if (known != files.end()) return known->second;
  return files[*id] = load_verified(file, *id);
}

Registry::Loaded::Refusal Registry::Loaded::load_verified(const std::string& file, const plugin::FileId& id) {
  const auto exported = plugin::load_library(file, id);
  if (!exported) return refuse(file, exported.status());
  auto found = plugin::read_plugin(**exported, file);
  if (!found) return refuse(file, Status(found.status().code(), "refused: " + found.status().message()));
  plugins[file] = *exported;
  return adopt(*std::move(found), file);
}

Registry::Loaded::Refusal Registry::Loaded::adopt(std::vector<plugin::LoadedComponent> found, const std::string& file) {
  for (const auto& each : found) {
    const auto* other = find(each.info.kind, each.info.name);
    if (other == nullptr) continue;
    const std::string what = std::string(spec::kind_name(each.info.kind)) + " '" + each.info.name + "'";
    return {Status::data(file + ": refused: " + what + " is also in " + other->info.library +
                         "; remove one of the two libraries"),
            true};
  }
  for (auto& each : found) components.push_back(std::move(each));
  return {};
}

Registry::Registry() : loaded_(std::make_unique<Loaded>()) {}
Registry::~Registry() = default;

void Registry::load_folder(const PluginFolder& folder) {
  loaded_->folders.push_back(folder.path);
  std::error_code error;
  std::vector<std::string> files;
  std::filesystem::directory_iterator entry(folder.path, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".so") files.push_back(entry->path().string());
  }
  if (error) {
    loaded_->errors.push_back(folder.path + ": this folder of plugins cannot be read: " + error.message());
    return;
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    const auto refusal = loaded_->load(file);
    if (refusal.status.ok()) continue;
    auto& list = folder.own || refusal.clash ? loaded_->errors : loaded_->warnings;
    const std::string& message = refusal.status.message();
    if (std::find(list.begin(), list.end(), message) == list.end()) list.push_back(message);
  }
}

Status Registry::load(const std::string& file) { return loaded_->load(file).status; }

std::string Registry::searched() const {
  std::string folders;
  for (const std::string& folder : loaded_->folders) folders += (folders.empty() ? "" : ", ") + folder;
  return folders;
}

const spec::ComponentInfo* Registry::find(std::uint32_t kind, std::string_view name) const {
  const auto* found = loaded_->find(kind, name);
  return found == nullptr ? nullptr : &found->info;
}

std::vector<const spec::ComponentInfo*> Registry::all() const {
  std::vector<const spec::ComponentInfo*> all;
  for (const auto& each : loaded_->components) all.push_back(&each.info);
  std::sort(all.begin(), all.end(),
            [](const auto* a, const auto* b) { return std::tie(a->kind, a->name) < std::tie(b->kind, b->name); });
  return all;
}

const weir_component* Registry::component(const spec::ComponentInfo& info) const {
  for (const auto& each : loaded_->components) {
    if (&each.info == &info) return &each.component;
  }
  return nullptr;
}

void Registry::detach(const spec::ComponentInfo& info) const {
  plugin::detach_library(*loaded_->plugins.at(info.library));
}

void Registry::detach_all() const {
  for (const auto& [file, plugin] : loaded_->plugins) plugin::detach_library(*plugin);
}

const std::vector<std::string>& Registry::errors() const { return loaded_->errors; }
const std::vector<std::string>& Registry::warnings() const { return loaded_->warnings; }

}  // namespace weir::host
