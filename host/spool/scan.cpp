#include "spool/scan.h"

#include <algorithm>

#include "spool/block.h"
#include "spool/crc32c.h"

namespace weir::host::spool {

int scan_blocks(File& file, std::uint32_t salt, Sequence first, std::uint64_t limit, std::uint64_t durable,
                Scan& scan) {
  scan = {};
  scan.end = first;
  BlockWalk walk(file, salt);
  std::uint64_t offset = kSegmentHeaderBytes;
  bool hurt = false;  // since the last whole block
  while (true) {
    std::optional<BlockWalk::Piece> piece;
    if (const int error = walk.at(offset, limit, scan.end, true, piece); error != 0) return error;
    if (!piece) break;
    offset = piece->offset + piece->size;
    const bool whole = piece->header && is_whole(*piece->header, piece->bytes);
    if (piece->header) durable = std::max(durable, piece->header->durable);
    if (!whole && piece->offset >= durable) {
      hurt = true;
      continue;
    }
    scan.damaged = scan.damaged || hurt || !whole;
    hurt = false;
    scan.data_end = offset;
    if (!piece->header) continue;
    scan.end = piece->header->end();
    ++scan.blocks;
    if (scan.blocks == 1) scan.oldest_ms = piece->header->first_ms;
    scan.newest_ms = std::max(scan.newest_ms, piece->header->last_ms);
    const std::string_view trailer = piece->bytes.substr(piece->header->stored);
    scan.crc_of_crcs = crc32c(trailer, scan.crc_of_crcs);
  }
  scan.durable = durable;
  return 0;
}

}  // namespace weir::host::spool
