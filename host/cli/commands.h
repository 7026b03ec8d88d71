#pragma once
#include <cstdint>
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

/// Says on standard error what is wrong, and hands back the exit code.
int complain(const std::string& what, int exit_code);

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
  std::optional<std::string> admin;  // --admin ADDR
  bool admin_allow_remote = false;
  bool admin_unsafe_tap = false;
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

/// How the commands that ask a running worker find it: its --admin.
inline constexpr const char* kAdminDefault = "127.0.0.1:9600";

struct TopOptions {
  std::string admin = kAdminDefault;
  bool once = false;
};

struct TapOptions {
  std::string pipeline;
  std::string after;  // name of a transform; empty: the last one
  std::uint64_t count = 10;
  bool unsafe = false;
  std::string admin = kAdminDefault;
};

struct ReplayOptions {
  std::string path;
  std::string from;
  std::string to = "now";
  std::optional<std::string> key;
  std::optional<std::string> match;
  std::uint64_t rate = 0;  // records a second; 0: no limit
  bool dry_run = false;
  std::string state = "weir-state";
};

struct TestOptions {
  std::vector<std::string> paths;
};

struct NewOptions {
  std::string kind;  // transform, source or sink
  std::string name;
};

struct CheckOptions {
  std::string library;
  std::optional<std::string> config;  // --config FILE
};

struct SpoolOptions {
  std::string action;  // status, ls, peek, verify, export or repair
  std::string path;    // a spool's folder, or a configuration
  std::optional<std::string> secret_file;
  std::string state = "weir-state";
  std::optional<std::uint64_t> from;   // a sequence number
  std::optional<std::uint64_t> count;  // records
  bool all = false;
  bool json = false;
  bool plan = false;
};

struct ChaosOptions {
  std::string path;
  std::string pipeline;  // empty: the file's only one
  std::uint32_t kills = 10;
  std::uint32_t freezes = 5;  // of the broker
  std::string time = "30s";   // for which the disturbed run is stretched, and that the undisturbed one may take
  std::optional<std::uint64_t> seed;
  std::string topics;  // NAME:PARTITIONS,…
  std::string work;    // a folder that is kept; empty: a temporary one
  bool json = false;
  std::vector<std::string> compare;  // two files that weir-consume wrote: expected, arrived
};

int run(const CommonOptions& common, const RunOptions& options);
int validate(const CommonOptions& common, const ValidateOptions& options);
int plugins(const CommonOptions& common, const PluginsOptions& options);
int schema(const CommonOptions& common);
int try_records(const CommonOptions& common, const TryOptions& options);
int top(const TopOptions& options);
int tap(const TapOptions& options);
int replay(const CommonOptions& common, const ReplayOptions& options);
int test(const CommonOptions& common, const TestOptions& options);
int check(const CheckOptions& options);
int new_plugin(const CommonOptions& common, const NewOptions& options);
int spool(const CommonOptions& common, const SpoolOptions& options);
int run_chaos(const CommonOptions& common, const ChaosOptions& options);

/// Arguments to command.
int main(int argc, char** argv);

}  // namespace weir::host::cli
