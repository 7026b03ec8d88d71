#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/commands.h"
#include "cli/load.h"
#include "config/yaml.h"
#include "contract/apart.h"
#include "contract/rules.h"
#include "contract/sample.h"
#include "spec/component.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

namespace fs = std::filesystem;
using contract::Ending;
using contract::Verdict;

constexpr std::chrono::seconds kLimit{30};  // for one rule

/// A folder of its own, which goes with all that was written there.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "weir-check-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error("no folder can be made for the check: " + std::string(std::strerror(errno)));
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  /// A new folder in it, with a file of sample records.
  fs::path make() {
    fs::path folder = path_ / std::to_string(++made_);
    fs::create_directory(folder);
    std::ofstream(folder / contract::kSampleFile) << contract::sample_lines();
    return folder;
  }

 private:
  fs::path path_;
  int made_ = 0;
};

/// Which component of the library.
struct Name {
  std::uint32_t kind = 0;
  std::string name;
};

/// What the user says of the components.
struct Configurations {
  std::string file;
  std::vector<spec::Node> nodes;

  [[nodiscard]] const spec::Node* of(const std::string& component) const {
    for (const spec::Node& node : nodes) {
      const spec::Node* type = node.find("type");
      if (type != nullptr && type->text == component) return &node;
    }
    return nullptr;
  }
};

spec::Role role_of(std::uint32_t kind) {
  switch (kind) {
    case WEIR_SOURCE:
      return spec::Role::source;
    case WEIR_TRANSFORM:
      return spec::Role::transform;
    case WEIR_PREDICATE:
      return spec::Role::predicate;
    default:
      return spec::Role::sink;
  }
}

/// Checks one library. The process that reports never loads it: each look at it happens in a process of its own.
class Check {
 public:
  Check(std::string library, Configurations configurations)
      : library_(std::move(library)), configurations_(std::move(configurations)) {}

  int run() {
    const auto names = components();
    if (!names) return kExitFailed;
    if (!all_are_here(*names)) return kExitUsage;
    for (const Name& name : *names) check(name);
    std::printf("%zu ok, %zu broken, %zu not applicable\n", ok_, broken_, not_applicable_);
    return broken_ > 0 ? kExitFailed : refused_ ? kExitUsage : kExitDone;
  }

 private:
  Ending apart(const std::function<std::string(const fs::path& folder)>& work) {
    const fs::path folder = scratch_.make();
    const auto quietly = [&] {
      start_log(LogLevel::error, LogFormat::text);
      return work(folder);
    };
    return contract::run_apart(quietly, kLimit, folder.string(), (folder / contract::kSampleFile).string());
  }

  /// The components of the library; nothing, and why is printed, when the host refuses to load it.
  std::optional<std::vector<Name>> components() {
    const Ending ending = apart([&](const fs::path&) {
      Registry registry;
      if (const Status loaded = registry.load(library_); !loaded.ok()) return "!" + loaded.message();
      std::string lines;
      for (const spec::ComponentInfo* info : registry.all())
        lines += std::to_string(info->kind) + " " + info->name + "\n";
      return lines;
    });
    if (!ending.result || ending.result->starts_with('!')) {
      print("broken", "load", ending.result ? ending.result->substr(1) : "loading " + library_ + ": " + ending.how);
      show_output(ending);
      return std::nullopt;
    }
    std::vector<Name> names;
    std::istringstream lines(*ending.result);
    for (Name name; lines >> name.kind >> name.name;) names.push_back(name);
    return names;
  }

  /// Every configuration is of a component that the library has.
  bool all_are_here(const std::vector<Name>& names) {
    spec::Diagnostics diagnostics;
    std::vector<std::string_view> known;
    known.reserve(names.size());
    for (const Name& name : names) known.push_back(name.name);
    for (const spec::Node& node : configurations_.nodes) {
      const spec::Node* type = node.find("type");
      if (type == nullptr)
        diagnostics.error(configurations_.file, node.mark, "missing key 'type'", "the component that is configured");
      else if (std::find(known.begin(), known.end(), type->text) == known.end())
        diagnostics.error(configurations_.file, type->mark,
                          "the library has no component " + spec::in_quotes(type->text),
                          spec::suggestion(type->text, known, "components"));
    }
    cli::print(diagnostics);
    return !diagnostics.has_errors();
  }

  void check(const Name& name) {
    std::printf("%s %s\n", std::string(spec::kind_name(name.kind)).c_str(), name.name.c_str());
    if (!accepts_configuration(name)) return;
    for (const contract::Rule& rule : contract::rules_of(name.kind)) {
      const Ending ending = with_subject(name, [&](contract::Subject& subject) {
        const Verdict verdict = contract::check(rule, subject);
        return std::to_string(static_cast<int>(verdict.kind)) + verdict.text;
      });
      report(rule, ending);
      std::fflush(stdout);
    }
  }

  /// Loads the library and does something with the component, all in a process of its own. A configuration that its table refuses is
  /// "!" and what is wrong.
  Ending with_subject(const Name& name, const std::function<std::string(contract::Subject&)>& work) {
    return apart([&](const fs::path& folder) {
      Registry registry;
      if (const Status loaded = registry.load(library_); !loaded.ok()) return "!" + loaded.message();
      const spec::ComponentInfo& info = *registry.find(name.kind, name.name);
      spec::Diagnostics diagnostics;
      const auto component = configuration(info, registry, folder, diagnostics);
      if (!component || diagnostics.has_errors()) return "!" + diagnostics.text();
      contract::Subject subject(*registry.component(info), info, component->fields);
      return work(subject);
    });
  }

  std::optional<spec::ComponentSpec> configuration(const spec::ComponentInfo& info, const Registry& registry,
                                                   const fs::path& folder, spec::Diagnostics& diagnostics) {
    const spec::Node* given = configurations_.of(info.name);
    const std::string file = given != nullptr ? configurations_.file : "sample configuration";
    const fs::path directory = given != nullptr ? fs::absolute(file).parent_path() : folder;
    spec::Checker checker(file, directory.lexically_normal().string(), diagnostics);
    return spec::check_component(role_of(info.kind), given != nullptr ? *given : contract::sample_configuration(info),
                                 registry, checker);
  }

  bool accepts_configuration(const Name& name) {
    const Ending ending = with_subject(name, [](contract::Subject& subject) {
      const std::string refusal = subject.refusal();
      return refusal.empty() ? std::string() : "!" + refusal;
    });
    if (!ending.result) {
      ++broken_;
      print("broken", "create", ending.how);
      show_output(ending);
      return false;
    }
    if (ending.result->empty()) return true;
    refused_ = true;
    std::fflush(stdout);
    std::fprintf(stderr, "weir: error: %s refuses %s: %s%s\n", spec::in_quotes(name.name).c_str(),
                 configurations_.of(name.name) != nullptr ? "its configuration" : "the sample configuration",
                 ending.result->substr(1).c_str(),
                 configurations_.of(name.name) != nullptr ? "" : "; give it one with --config FILE");
    return false;
  }

  void report(const contract::Rule& rule, const Ending& ending) {
    if (!ending.result) {
      ++broken_;
      print("broken", rule.name, std::string(rule.sentence) + ": it " + ending.how);
      return show_output(ending);
    }
    const auto kind = static_cast<Verdict::Kind>(ending.result->front() - '0');
    const std::string text = ending.result->substr(1);
    switch (kind) {
      case Verdict::Kind::ok:
        ++ok_;
        return print("ok", rule.name, rule.sentence);
      case Verdict::Kind::not_applicable:
        ++not_applicable_;
        return print("n/a", rule.name, text);
      case Verdict::Kind::broken:
        break;
    }
    ++broken_;
    print("broken", rule.name, std::string(rule.sentence) + ": " + text);
  }

  static void print(const char* verdict, const std::string& rule, const std::string& text) {
    std::printf("  %-6s %-13s %s\n", verdict, rule.c_str(), text.c_str());
  }

  /// What a process wrote before it died often tells why.
  static void show_output(const Ending& ending) {
    std::istringstream lines(ending.output);
    for (std::string line; std::getline(lines, line);) std::printf("         | %s\n", line.c_str());
  }

  const std::string library_;
  const Configurations configurations_;
  ScratchFolder scratch_;
  std::size_t ok_ = 0;
  std::size_t broken_ = 0;
  std::size_t not_applicable_ = 0;
  bool refused_ = false;
};

std::optional<Configurations> read_configurations(const CheckOptions& options) {
  Configurations out;
  if (!options.config) return out;
  spec::Diagnostics diagnostics;
  out.file = *options.config;
  out.nodes = config::read_yaml(out.file, config::Environment::process(), diagnostics, {}, config::Content::components);
  print(diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  return out;
}

}  // namespace

int check(const CheckOptions& options) {
  std::error_code error;
  if (!fs::is_regular_file(options.library, error)) {
    return complain(options.library + ": there is no such file", kExitUsage);
  }
  auto configurations = read_configurations(options);
  if (!configurations) return kExitUsage;
  return Check(fs::absolute(options.library).string(), *std::move(configurations)).run();
}

}  // namespace weir::host::cli
