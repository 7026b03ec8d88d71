#pragma once
#include "spool/block_walk.h"

namespace weir::host::spool {

/// What lies in a segment, found by looking at all of it.
struct Scan {
  Sequence end =
      0;  // one behind the last record of a whole block, or of one whose header is whole and that must have been durable
  std::uint64_t data_end = kSegmentHeaderBytes;  // behind the last such block
  std::uint64_t blocks = 0;
  std::int64_t oldest_ms = 0;
  std::int64_t newest_ms = 0;
  std::uint32_t crc_of_crcs = 0;
  std::uint64_t durable =
      0;  // up to here it was durable, as its blocks tell; what is behind may have been refused by the disk since
  bool damaged = false;  // something before data_end is not whole
};

/// Looks at `file` up to `limit`. What is not whole at the end and does not begin before `durable` was never finished: it does not
/// count. `first`: the segment's. Errors are errno.
[[nodiscard]] int scan_blocks(File& file, std::uint32_t salt, Sequence first, std::uint64_t limit,
                              std::uint64_t durable, Scan& scan);

}  // namespace weir::host::spool
