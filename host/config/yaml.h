#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "errors/status.h"
#include "spec/node.h"

namespace weir::host::config {

/// Where ${env:…} and ${file:…} get their values. `file` is called with the path as written, made absolute against the YAML file.
struct Environment {
  std::function<std::optional<std::string>(const std::string& name)> variable;
  std::function<Result<std::string>(const std::string& path)> file;
  bool allow_unset = false;  // --no-env: what has no value passes, as Node::unset

  /// The process's own variables and files.
  [[nodiscard]] static Environment process();
};

/// Limits on what is read (design section 7 and reliability.md 6.2): bytes, nodes visited after aliases, aliases, depth.
struct Limits {
  std::size_t bytes = 1u << 20;
  std::size_t nodes = 100'000;
  std::size_t aliases = 100;
  std::size_t depth = 64;
};

/// The documents of a YAML text, with `<<`, tags, duplicate keys, anchors bombs and bad UTF-8 refused. All that is wrong goes to
/// `diagnostics` under the name `file`.
[[nodiscard]] std::vector<spec::Node> parse_yaml(std::string_view text, const std::string& file, const Environment& environment, spec::Diagnostics& diagnostics,
                                                 const Limits& limits = {});

/// Reads at most limits.bytes of a file, then parse_yaml. A missing or unreadable file is a diagnostic.
[[nodiscard]] std::vector<spec::Node> read_yaml(const std::string& file, const Environment& environment, spec::Diagnostics& diagnostics,
                                                const Limits& limits = {});

/// The configuration files a command's PATH arguments name: a file itself; of a folder its *.yaml without *.test.yaml, sorted,
/// not recursive. Errors go to `diagnostics`.
[[nodiscard]] std::vector<std::string> find_yaml(const std::vector<std::string>& paths, spec::Diagnostics& diagnostics);

}  // namespace weir::host::config
