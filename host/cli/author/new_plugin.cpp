#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/author/templates.h"
#include "cli/commands.h"
#include "cli/load.h"
#include "plugin/fields.h"
#include "spec/words.h"

namespace weir::host::cli {
namespace {

namespace fs = std::filesystem;

/// Targets that CMake has already (its policy CMP0037, and its manual on `test` and `package`).
constexpr std::array<std::string_view, 12> kNamesOfCMake = {"all",
                                                            "clean",
                                                            "help",
                                                            "install",
                                                            "test",
                                                            "package",
                                                            "package_source",
                                                            "edit_cache",
                                                            "rebuild_cache",
                                                            "preinstall",
                                                            "list_install_components",
                                                            "cmake_check_build_system"};

/// "cut_blanks" as the name of a class: "CutBlanks".
std::string upper_camel_case(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c != '_') out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '_';
  }
  return out;
}

/// The class: its kind is added where the plain name may be a macro or a name of the test's.
std::string class_name(const NewOptions& options) {
  const std::string plain = upper_camel_case(options.name);
  const bool odd = std::none_of(plain.begin() + 1, plain.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return odd ? plain + upper_camel_case(options.kind) : plain;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// Text of the template under the names of the new plugin.
std::string renamed(std::string_view text, const NewOptions& options) {
  std::string out(text);
  replace_all(out, "my_" + options.kind, options.name);
  replace_all(out, "My" + upper_camel_case(options.kind), class_name(options));
  return out;
}

/// Why the name cannot be; empty: it can.
std::string problem_with(const NewOptions& options, const Registry& registry) {
  const std::string name = spec::in_quotes(options.name);
  if (!plugin::is_lower_snake_case(options.name))
    return name + " is no component's name; it has to look like [a-z][a-z0-9_]*, with at most 64 characters";
  if (std::find(kNamesOfCMake.begin(), kNamesOfCMake.end(), options.name) != kNamesOfCMake.end())
    return name + " is what CMake calls a target of its own; take another name";
  for (const spec::ComponentInfo* other : registry.all()) {
    if (spec::kind_name(other->kind) == options.kind && other->name == options.name)
      return "there is a " + options.kind + " " + name + " already, in " + other->library + "; take another name";
  }
  return {};
}

/// What ships together often has one name: file is a source and a sink.
void warn_about_other_kinds(const NewOptions& options, const Registry& registry) {
  for (const spec::ComponentInfo* other : registry.all()) {
    if (other->name != options.name) continue;
    const std::string kind(spec::kind_name(other->kind));
    Log().warn("There is a " + kind + " of that name; a " + options.kind +
                   " of it may come with Weir too, and two of one kind and name do not load.",
               {{"name", options.name}, {"library", other->library}});
  }
}

/// Where the SDK of this very program is installed; empty: it is not, as in a build tree.
std::string prefix_of_sdk() {
  std::error_code error;
  const fs::path prefix = fs::read_symlink("/proc/self/exe", error).parent_path().parent_path();
  return fs::exists(prefix / "lib/cmake/weir-sdk", error) ? prefix.string() : std::string();
}

bool write(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return !file.fail();
}

/// The folder is new, so nothing is written over.
int write_project(const fs::path& folder, const NewOptions& options) {
  for (const TemplateFile& file : template_files()) {
    if (file.kind != options.kind) continue;
    const fs::path path = folder / renamed(file.path, options);
    if (!write(path, renamed(file.text, options))) return complain(path.string() + " cannot be written", kExitFailed);
    std::printf("%s\n", path.c_str());
  }
  return kExitDone;
}

}  // namespace

int new_plugin(const CommonOptions& common, const NewOptions& options) {
  const auto registry = load_plugins(common);
  if (!registry) return kExitUsage;
  if (const std::string problem = problem_with(options, *registry); !problem.empty())
    return complain(problem, kExitUsage);
  warn_about_other_kinds(options, *registry);
  const fs::path folder = options.name;
  std::error_code error;
  if (fs::exists(fs::symlink_status(folder, error)))
    return complain(spec::in_quotes(options.name) + " is there already; nothing was written", kExitUsage);
  if (!fs::create_directory(folder, error))
    return complain("the folder " + spec::in_quotes(options.name) + " cannot be made: " + error.message(), kExitUsage);
  if (const int failed = write_project(folder, options); failed != kExitDone) return failed;
  const std::string prefix = prefix_of_sdk();
  std::printf(
      "\nNow:\n  cd %s\n  cmake -B build%s%s\n  cmake --build build\n  ctest --test-dir build --output-on-failure\n",
      options.name.c_str(), prefix.empty() ? "" : " -DCMAKE_PREFIX_PATH=", prefix.c_str());
  return kExitDone;
}

}  // namespace weir::host::cli
