#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace weir::host::contract {

/// How a piece of work in a process of its own ended.
struct Ending {
  std::optional<std::string> result;  // what the work returned; nothing: it did not return
  std::string how;                    // otherwise: "died of signal 11 (Segmentation fault) in apply"
  std::string output;                 // the end of what it wrote to standard output and error
};

/// Runs the work in a child process, in `folder`, which is there; standard input is the file `input`, output goes to a file there. After
/// the limit the child and all its children are killed. Call it while the process has one thread. errno's text when there can be
/// no child.
[[nodiscard]] Ending run_apart(const std::function<std::string()>& work, std::chrono::seconds limit,
                               const std::string& folder, const std::string& input);

}  // namespace weir::host::contract
