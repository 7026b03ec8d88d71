#pragma once
#include <chrono>
#include <cstdint>
#include <vector>

namespace weir::host::cli::chaos {

/// Something that is done to the pipeline while it runs.
struct Fault {
  enum class Kind {
    kill_starting,  // before the worker's first new message
    kill_running,   // once it has delivered some
    kill_frozen,    // while the broker stands still
    freeze,         // the broker stands still, nothing else
  };
  using Milliseconds = std::chrono::milliseconds;

  Kind kind = Kind::kill_running;
  double due = 0;          // when so much of what is expected has arrived, from 0 to 1. kill_starting: not used
  double wait = 0;         // kill_starting: so much of the time that a start takes, from 0 to 1
  Milliseconds delay{0};   // kill_running: so long after that. kill_frozen: so long after the freeze began
  Milliseconds frozen{0};  // kill_frozen and freeze: so long the broker stands still
};

/// The faults of a run in their order: the same for the same numbers, on every machine. Of the kills about a quarter come while the
/// worker starts, each right after another kill or at the very beginning, so that some hit one recovery twice; and some
/// while the broker is frozen.
[[nodiscard]] std::vector<Fault> make_schedule(std::uint64_t seed, std::uint32_t kills, std::uint32_t freezes);

}  // namespace weir::host::cli::chaos
