#pragma once
#include <cstdint>

namespace weir::host {

class OriginBlock;

/// One resume point of a source with a count of what still hangs on it: its records, their clones and what they were merged into.
/// It settles when the count is zero and the poll that opened it has returned. Lives in its OriginBlock. [task]
struct Origin {
  OriginBlock* block = nullptr;
  std::uint64_t token = 0;         // the source's own
  std::uint32_t outstanding = 0;   // records not settled yet
  std::uint32_t partition = 0;     // PartitionTable id; kNoPartition: never stored
  std::uint32_t offset_start = 0;  // of the offset's bytes in the block
  std::uint32_t offset_size = 0;
  bool open = true;      // the call that made it has not returned
  bool refused = false;  // one of its records was dropped as bad: settled() tells a push source E_DATA

  static constexpr std::uint32_t kNoPartition = 0xffffffffu;
  [[nodiscard]] bool settled() const { return !open && outstanding == 0; }
};

}  // namespace weir::host
