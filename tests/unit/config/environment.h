#pragma once
#include <map>
#include <string>

#include "config/yaml.h"

namespace weir::host::config {

/// Variables and files that a test makes up; files by the path that the program asks for.
struct FakeEnvironment {
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> files;
  bool allow_unset = false;

  [[nodiscard]] Environment environment() const {
    Environment out;
    out.variable = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    out.file = [this](const std::string& path) -> Result<std::string> {
      const auto found = files.find(path);
      if (found == files.end()) return Status::config("cannot be read: no such file");
      return found->second;
    };
    out.allow_unset = allow_unset;
    return out;
  }
};

/// The one document of a text that is right, and what was said about it.
struct Parsed {
  spec::Diagnostics diagnostics;
  std::vector<spec::Node> documents;

  explicit Parsed(std::string_view text, const FakeEnvironment& environment = {}, const Limits& limits = {})
      : documents(parse_yaml(text, "/etc/weir/a.yaml", environment.environment(), diagnostics, limits)) {}
  [[nodiscard]] const spec::Node& root() const { return documents.at(0); }
  [[nodiscard]] std::string text(std::string_view key) const { return root().find(key)->text; }
};

}  // namespace weir::host::config
