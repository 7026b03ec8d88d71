#include "spool/scan.h"

#include <algorithm>

#include "spool/block.h"
#include "spool/crc32c.h"

namespace weir::host::spool {
namespace {

/// How much of the segment its blocks say was durable.
int find_durable(BlockWalk& walk, Sequence first, std::uint64_t limit, std::uint64_t& durable) {
  std::uint64_t offset = kSegmentHeaderBytes;
  while (true) {
    std::optional<BlockWalk::Piece> piece;
    if (const int error = walk.at(offset, limit, first, false, piece); error != 0) return error;
    if (!piece) return 0;
    offset = piece->offset + piece->size;
    if (!piece->header) continue;
    durable = std::max(durable, piece->header->durable);
    first = piece->header->end();
  }
}

void count(const BlockWalk::Piece& piece, Scan& scan) {
  scan.data_end = piece.offset + piece.size;
  if (!piece.header) return;
  scan.end = piece.header->end();
  if (++scan.blocks == 1) scan.oldest_ms = piece.header->first_ms;
  scan.newest_ms = std::max(scan.newest_ms, piece.header->last_ms);
  scan.crc_of_crcs = crc32c(piece.bytes.substr(piece.header->stored), scan.crc_of_crcs);
}

}  // namespace

int scan_blocks(File& file, std::uint32_t salt, Sequence first, std::uint64_t limit, std::uint64_t durable,
                Scan& scan) {
  scan = {};
  scan.end = first;
  scan.durable = durable;
  BlockWalk walk(file, salt);
  if (const int error = find_durable(walk, first, limit, scan.durable); error != 0) return error;
  std::uint64_t offset = kSegmentHeaderBytes;
  bool is_torn = false;
  while (true) {
    std::optional<BlockWalk::Piece> piece;
    if (const int error = walk.at(offset, limit, first, true, piece); error != 0) return error;
    if (!piece) return 0;
    offset = piece->offset + piece->size;
    if (piece->header) first = piece->header->end();
    const bool whole = piece->header && is_whole(*piece->header, piece->bytes);
    const bool was_durable = piece->offset < scan.durable;
    is_torn = is_torn || (!whole && !was_durable);
    if (is_torn && whole) scan.islands.push_back(piece->offset);
    if (is_torn) continue;
    scan.damaged = scan.damaged || !whole;
    count(*piece, scan);
  }
}

}  // namespace weir::host::spool
