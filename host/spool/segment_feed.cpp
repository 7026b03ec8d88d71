#include "spool/segment_feed.h"

#include <algorithm>

namespace weir::host::spool {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kReleasedAtOnce = 1024 * 1024;
constexpr std::uint64_t kLeastBytesAhead = 32 * 1024;
constexpr std::uint64_t kMostForOne = 1024 * 1024;      // memory, while no other block is unpacked
constexpr std::uint64_t kWorthAhead = 4 * 1024 * 1024;  // bytes that wait in a segment
constexpr std::size_t kMostBlocksAhead = 4;

/// As many as there is memory for; each takes room as stored and as records.
std::size_t blocks_ahead(std::uint64_t memory) {
  const std::uint64_t left = memory - std::min<std::uint64_t>(memory, kMostForOne);
  return std::min<std::size_t>(left / (2 * kBlockBytes), kMostBlocksAhead);
}

/// Of what is left beside a block as stored and as records.
std::size_t bytes_ahead(std::uint64_t memory) {
  return std::clamp<std::uint64_t>(memory, 2 * kBlockBytes + kLeastBytesAhead, kMostForOne) - 2 * kBlockBytes;
}

}  // namespace

SegmentFeed::SegmentFeed(std::uint64_t memory)
    : bytes_ahead_(bytes_ahead(memory - 2 * kBlockBytes * blocks_ahead(memory))), ahead_(blocks_ahead(memory)) {}

void SegmentFeed::open(std::unique_ptr<File> file, std::uint32_t salt, std::optional<crypto::DataKey> key,
                       Sequence first) {
  close();
  file_ = std::move(file);
  walk_.emplace(*file_, salt, bytes_ahead_);
  key_ = std::move(key);
  offset_ = kSegmentHeaderBytes;
  expected_ = first;
}

void SegmentFeed::close() {
  ahead_.forget();
  if (file_ != nullptr) release_cache();
  released_ = 0;
  walk_.reset();
  file_.reset();
  key_.reset();
}

void SegmentFeed::stop() {
  close();
  ahead_.stop();
}

int SegmentFeed::look(std::uint64_t limit, std::optional<Piece>& piece) {
  const BlockHeader* const known = ahead_.first(offset_);
  if (known == nullptr) return walk_->at(offset_, limit, expected_, false, piece);
  piece = Piece{offset_, known->size(), *known, {}};
  return 0;
}

int SegmentFeed::unpack(std::uint64_t limit, const BlockHeader& header, std::string& raw, bool& is_whole) {
  if (ahead_.first(offset_) != nullptr) {
    is_whole = ahead_.take(raw);
    return 0;
  }
  std::optional<Piece> piece;
  if (const int error = walk_->at(offset_, limit, expected_, true, piece); error != 0) return error;
  is_whole = spool::unpack(header, walk_->salt(), piece->bytes, key(), raw);
  if (header.stored > kMostForOne) walk_->forget();
  return 0;
}

void SegmentFeed::pass(const Piece& piece) {
  if (ahead_.first(offset_) != nullptr) ahead_.forget();  // nobody wanted its records
  offset_ += piece.size;
  if (piece.header) expected_ = piece.header->end();
  if (offset_ - released_ >= kReleasedAtOnce) release_cache();
}

void SegmentFeed::unpack_ahead(std::uint64_t limit) {
  if (ahead_.is_empty()) {
    if (limit - offset_ < kWorthAhead) return;
    ahead_offset_ = offset_;
    ahead_expected_ = expected_;
  }
  while (!ahead_.is_full()) {
    std::optional<Piece> piece;
    if (walk_->at(ahead_offset_, limit, ahead_expected_, true, piece) != 0 || !piece || !piece->header) return;
    const BlockHeader& header = *piece->header;
    if (header.raw > kBlockBytes || header.stored > kBlockBytes) return;
    ahead_.add(ahead_offset_, header, walk_->salt(), piece->bytes, key());
    ahead_offset_ += piece->size;
    ahead_expected_ = header.end();
  }
}

void SegmentFeed::release_cache() {
  const std::uint64_t end = offset_ - offset_ % kPage;  // the kernel lets go of whole pages only
  if (end <= released_) return;
  file_->release_cache(released_, end - released_);
  released_ = end;
}

}  // namespace weir::host::spool
