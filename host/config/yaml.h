#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "errors/status.h"
#include "spec/node.h"

namespace weir::host::config {

/// Where ${env:…} and ${file:…} get their values.
struct Environment {
  /// The value of a variable, or nothing when it is not set.
  std::function<std::optional<std::string>(const std::string& name)> variable;
  /// The bytes of a file; relative paths were made absolute against the YAML file. A failure's message says why, without content.
  std::function<Result<std::string>(const std::string& path)> file;
  /// --no-env: a variable or file that is not there passes, as Node::unset.
  bool allow_unset = false;

  /// The process's own variables and files.
  [[nodiscard]] static Environment process();
};

/// What a file is expected to hold: the words for one that is empty, and which files of a folder count.
enum class Content { pipelines, tests, components };

/// What one YAML file may cost. Beyond a limit the file is refused at the place where it was passed.
struct Limits {
  std::size_t bytes = 1u << 20;
  std::size_t nodes = 100'000;  // scalars, lists and mappings, each counted again wherever an alias repeats it
  std::size_t aliases = 100;
  std::size_t depth = 64;             // of lists and mappings within each other
  std::size_t text_bytes = 8u << 20;  // of all scalars, after aliases and ${…}
};

/// The documents of a YAML text; empty ones are left out. The first root stands at 1:1, the others at their first key. `<<`, tags, duplicate keys, alias bombs, invalid UTF-8 and whatever else
/// is wrong goes to `diagnostics` under the name `file`, whose folder ${file:…} is relative to. Nothing that came from ${file:…} is
/// ever in a message.
[[nodiscard]] std::vector<spec::Node> parse_yaml(std::string_view text, const std::string& file,
                                                 const Environment& environment, spec::Diagnostics& diagnostics,
                                                 const Limits& limits = {}, Content content = Content::pipelines);

/// Reads at most limits.bytes of a file, then parse_yaml. A missing, unreadable or longer file is a diagnostic.
[[nodiscard]] std::vector<spec::Node> read_yaml(const std::string& file, const Environment& environment,
                                                spec::Diagnostics& diagnostics, const Limits& limits = {},
                                                Content content = Content::pipelines);

/// The files a command's PATH arguments name: a file itself; of a folder its *.yaml without *.test.yaml, for tests its *.test.yaml,
/// sorted, not recursive. Errors go to `diagnostics`.
[[nodiscard]] std::vector<std::string> find_yaml(const std::vector<std::string>& paths, spec::Diagnostics& diagnostics,
                                                 Content content = Content::pipelines);

}  // namespace weir::host::config
