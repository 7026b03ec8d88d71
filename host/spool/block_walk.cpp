#include "spool/block_walk.h"

namespace weir::host::spool {

int BlockWalk::at(std::uint64_t offset, std::uint64_t limit, Sequence least, bool with_bytes,
                  std::optional<Piece>& piece) {
  piece.reset();
  if (offset >= limit) return 0;
  Piece found{offset, 0, std::nullopt, {}};
  if (const int error = header_at(offset, limit, least, found.header); error != 0) return error;
  if (!found.header) {
    std::uint64_t next = limit;
    if (const int error = next_header(offset + 1, limit, least, next); error != 0) return error;
    found.size = next - offset;
  } else {
    found.size = found.header->size();
    if (with_bytes) {
      const std::uint64_t rest = found.size - kBlockHeaderBytes;
      if (const int error = window_.at(offset + kBlockHeaderBytes, rest, limit, found.bytes); error != 0) return error;
    }
  }
  piece = found;
  return 0;
}

int BlockWalk::header_at(std::uint64_t offset, std::uint64_t limit, Sequence least,
                         std::optional<BlockHeader>& header) {
  std::string_view bytes;
  if (const int error = window_.at(offset, kBlockHeaderBytes, limit, bytes); error != 0) return error;
  header = decode_block_header(bytes, salt_);
  const std::uint64_t room = limit - offset;
  if (header && (header->count == 0 || header->first < least || header->stored > room || header->size() > room))
    header.reset();
  return 0;
}

int BlockWalk::next_header(std::uint64_t from, std::uint64_t limit, Sequence least, std::uint64_t& found) {
  found = limit;
  while (from + kBlockHeaderBytes <= limit) {
    std::string_view bytes;
    if (const int error = window_.at(from, FileWindow::kAhead, limit, bytes); error != 0) return error;
    if (bytes.size() < kBlockHeaderBytes) return 0;
    const auto magic = find_block_magic(bytes, 0);
    if (!magic || *magic + kBlockHeaderBytes > bytes.size()) {  // none, or one that the next look has whole
      const std::uint64_t step = bytes.size() - kBlockHeaderBytes + 1;
      from += magic ? std::min<std::uint64_t>(*magic, step) : step;
      continue;
    }
    std::optional<BlockHeader> header;
    if (const int error = header_at(from + *magic, limit, least, header); error != 0) return error;
    if (header) {
      found = from + *magic;
      return 0;
    }
    from += *magic + 1;
  }
  return 0;
}

}  // namespace weir::host::spool
