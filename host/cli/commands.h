#pragma once
#include <optional>
#include <string>
#include <vector>

#include "observe/log.h"

/// The commands of `weir` (design section 6). Each prints results to standard output, everything else to standard error, and
/// returns the process's exit code.
namespace weir::host::cli {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;  // a pipeline failed
inline constexpr int kExitUsage = 2;   // configuration or command line

/// What every command takes.
struct CommonOptions {
  LogLevel log_level = LogLevel::info;
  LogFormat log_format = LogFormat::text;
  std::vector<std::string> plugins;  // --plugins DIR
};

struct RunOptions {
  std::vector<std::string> paths;
  std::string state = "weir-state";
  std::optional<std::string> report;  // --report FILE
  bool fresh = false;
  bool watch = false;
};

struct ValidateOptions {
  std::vector<std::string> paths;
  bool no_env = false;
};

struct PluginsOptions {
  std::string name;  // empty: list all
  std::string kind;  // empty: all
  bool json = false;
};

struct TryOptions {
  std::string path;
  bool steps = false;
};

int run(const CommonOptions& common, const RunOptions& options);
int validate(const CommonOptions& common, const ValidateOptions& options);
int plugins(const CommonOptions& common, const PluginsOptions& options);
int schema(const CommonOptions& common);
int try_records(const CommonOptions& common, const TryOptions& options);

/// Arguments to command.
int main(int argc, char** argv);

}  // namespace weir::host::cli
