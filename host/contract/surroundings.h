#pragma once
#include <cstddef>
#include <set>
#include <string>

namespace weir::host::contract {

/// What the process has of the world around it.
struct Surroundings {
  std::multiset<std::string> open;  // what its descriptors are
  std::set<std::string> files;      // in its working directory
  std::size_t threads = 0;
};

[[nodiscard]] Surroundings look_around();

/// "opened /tmp/file": a file or connection that is open now and was not before, or a file that was made; empty: none. Descriptors that
/// lead nowhere outside, such as event counters and pipes, do not count.
[[nodiscard]] std::string opened_since(const Surroundings& before);

/// "1 more thread", "/tmp/file still open"; empty: no more than before. Waits a moment for threads that are about to end.
[[nodiscard]] std::string left_since(const Surroundings& before);

}  // namespace weir::host::contract
