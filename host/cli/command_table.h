#pragma once
#include <map>
#include <set>
#include <string>

namespace CLI {
class App;
}

namespace weir::host::cli {

/// The words an option takes, by the name its value has in the help, such as LEVEL; of an argument by its command's name and its own,
/// such as "new KIND".
using Choices = std::map<std::string, std::set<std::string>>;

/// Commands, options and arguments as JSON: what shell completion and the manual page are made from (tests/docs/generate.py). What the
/// help hides is left out.
[[nodiscard]] std::string command_table(const CLI::App& app, const Choices& choices);

}  // namespace weir::host::cli
