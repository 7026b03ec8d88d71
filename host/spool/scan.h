#pragma once
#include <vector>

#include "spool/block_walk.h"

namespace weir::host::spool {

/// What lies in a segment, found by looking at all of it.
struct Scan {
  Sequence end = 0;                              // one behind the last record of a block that counts
  std::uint64_t data_end = kSegmentHeaderBytes;  // behind the last block that counts
  std::uint64_t blocks = 0;
  std::int64_t oldest_ms = 0;
  std::int64_t newest_ms = 0;
  std::uint32_t crc_of_crcs = 0;
  std::uint64_t durable =
      0;  // up to here it was durable, as its blocks tell; what is behind may have been refused by the disk since
  bool damaged = false;  // something that was durable is not whole
  /// Whole blocks behind data_end, by their offsets: before them is something that was never finished, or nobody can tell.
  std::vector<std::uint64_t> islands;
};

/// Looks at `file` up to `limit`. `durable`: so far it was, for sure; a block that was written later tells more. What is durable counts,
/// whole or not; of the rest the blocks before the first that is not whole. `first`: the segment's. Errors are errno.
[[nodiscard]] int scan_blocks(File& file, std::uint32_t salt, Sequence first, std::uint64_t limit,
                              std::uint64_t durable, Scan& scan);

}  // namespace weir::host::spool
