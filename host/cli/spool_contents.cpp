#include "cli/spool_contents.h"

#include <algorithm>

#include "observe/log.h"
#include "spool/block.h"
#include "spool/block_walk.h"
#include "spool/segments.h"
#include "spool/state.h"

namespace weir::host::cli {
namespace {

using spool::BlockWalk;

Result<std::optional<crypto::KeyRing>> ring_of(const std::string& secrets) {
  if (secrets.empty()) return std::optional<crypto::KeyRing>();
  Result<crypto::KeyRing> ring = crypto::KeyRing::from(secrets, "weir spool");
  if (!ring) return ring.status();
  return std::optional<crypto::KeyRing>(*std::move(ring));
}

/// Tells whole blocks from damaged ones, and what is damaged from what was never finished: that stands at the very end of the newest
/// segment and is not known to have been on the disk.
class Judge {
 public:
  Judge(const SpoolSegment& segment, std::uint32_t salt, const crypto::DataKey* key, SpoolContents::Depth depth)
      : durable_(segment.is_last ? segment.durable : segment.bytes), salt_(salt), key_(key), depth_(depth) {}

  SpoolPiece judge(const BlockWalk::Piece& piece) {
    if (piece.header) durable_ = std::max(durable_, piece.header->durable);
    SpoolPiece judged{SpoolPiece::State::whole, piece.offset, piece.size, piece.header, {}};
    if (!is_good(piece)) {
      judged.state = SpoolPiece::State::damaged;
    } else if (depth_ == SpoolContents::Depth::records) {
      judged.records = raw_;
    }
    return judged;
  }
  [[nodiscard]] bool may_be_unfinished(const SpoolPiece& piece) const { return piece.offset >= durable_; }

 private:
  bool is_good(const BlockWalk::Piece& piece) {
    if (!piece.header) return false;
    switch (depth_) {
      case SpoolContents::Depth::headers:
        return true;
      case SpoolContents::Depth::payloads:
        return spool::is_whole(*piece.header, piece.bytes);
      case SpoolContents::Depth::records:
        return spool::unpack(*piece.header, salt_, piece.bytes, key_, raw_);
    }
    return false;
  }

  std::uint64_t durable_;
  const std::uint32_t salt_;
  const crypto::DataKey* const key_;
  const SpoolContents::Depth depth_;
  std::string raw_;
};

/// Shows pieces in order; those that are not whole wait until it is known what is behind them.
Status show(BlockWalk& walk, Judge& judge, const SpoolSegment& segment, bool with_bytes,
            const std::function<bool(const SpoolPiece&)>& visit) {
  const std::uint64_t limit = segment.is_sealed ? segment.bytes - spool::kFooterBytes : segment.bytes;
  std::vector<SpoolPiece> waiting;
  std::uint64_t offset = spool::kSegmentHeaderBytes;
  spool::Sequence least = segment.first;
  while (true) {
    std::optional<BlockWalk::Piece> piece;
    if (const int error = walk.at(offset, limit, least, with_bytes, piece); error != 0)
      return spool::disk_error("cannot read", segment.path, error);
    if (!piece) break;
    offset = piece->offset + piece->size;
    const SpoolPiece judged = judge.judge(*piece);
    if (piece->header) least = piece->header->end();
    if (judged.state == SpoolPiece::State::damaged && judge.may_be_unfinished(judged)) {
      waiting.push_back(judged);
      continue;
    }
    for (const SpoolPiece& damaged : std::exchange(waiting, {})) {
      if (!visit(damaged)) return {};
    }
    if (!visit(judged)) return {};
  }
  for (SpoolPiece& unfinished : waiting) {
    unfinished.state = SpoolPiece::State::unfinished;
    if (!visit(unfinished)) return {};
  }
  return {};
}

}  // namespace

Result<SpoolContents> SpoolContents::look(const SpoolPlace& place) {
  Result<std::optional<crypto::KeyRing>> ring = ring_of(place.secrets);
  if (!ring) return ring.status();
  SpoolContents contents(spool::Place{spool::disk_files(), place.folder, Log(), *std::move(ring)});
  contents.delivered_ = place.delivered;
  contents.state_ = spool::StateFile::read(spool::disk_files(), place.folder);
  if (!contents.state_ && contents.state_.status().code() == WEIR_E_FATAL) return contents.state_.status();
  if (Status listed = contents.list(); !listed.ok()) return listed;
  return contents;
}

spool::Sequence SpoolContents::next_to_deliver() const {
  const spool::Sequence stored = std::max(delivered_, state_ ? state_->delivered : 0) + 1;
  return segments_.empty() ? stored : std::max(stored, segments_.front().first);
}

Status SpoolContents::list() {
  std::vector<spool::FolderEntry> entries;
  if (const int error = place_.files.list(place_.folder, entries); error != 0)
    return spool::disk_error("cannot list", place_.folder, error);
  for (const spool::FolderEntry& entry : entries) {
    const auto first = spool::segment_of_name(entry.name);
    if (!first) continue;
    SpoolSegment segment;
    segment.name = entry.name;
    segment.path = place_.folder + "/" + entry.name;
    segment.first = segment.end = *first;
    if (const Status learned = learn(segment); learned.ok())
      segments_.push_back(std::move(segment));
    else if (learned.code() != WEIR_NOT_FOUND)  // it was delivered and deleted meanwhile
      return learned;
  }
  std::sort(segments_.begin(), segments_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (!segments_.empty()) segments_.back().is_last = true;
  count_by_neighbours();
  for (SpoolSegment& segment : segments_) {
    if (segment.is_sealed || segment.records > 0) continue;
    if (Status counted = count_by_looking(segment); !counted.ok()) return counted;
  }
  return {};
}

Status SpoolContents::learn(SpoolSegment& segment) const {
  const Result<spool::SegmentFacts> facts = spool::read_facts(place_.files, segment.path);
  if (!facts) return facts.status();
  segment.bytes = facts->bytes;
  segment.header = facts->header;
  segment.is_header_hurt = facts->damaged_headers > 0;
  if (facts->header) segment.oldest_ms = segment.newest_ms = facts->header->created_ms;
  if (state_ && state_->tail_first == segment.first) segment.durable = state_->tail_bytes;
  if (!facts->footer) return {};
  segment.is_sealed = true;
  segment.records = facts->footer->count;
  segment.end = facts->footer->end;
  segment.oldest_ms = facts->footer->oldest_ms;
  segment.newest_ms = facts->footer->newest_ms;
  return {};
}

/// A segment without a footer held what lies between it and the one behind it.
void SpoolContents::count_by_neighbours() {
  for (std::size_t i = 0; i + 1 < segments_.size(); ++i) {
    SpoolSegment& segment = segments_[i];
    const SpoolSegment& behind = segments_[i + 1];
    if (segment.is_sealed || !segment.header || !behind.header || behind.header->ordinal < segment.header->ordinal)
      continue;
    segment.records = behind.header->ordinal - segment.header->ordinal;
    segment.end = segment.first + segment.records;
    segment.newest_ms = behind.header->created_ms;
  }
}

Status SpoolContents::count_by_looking(SpoolSegment& segment) const {
  if (!segment.header) return {};
  return walk(segment, Depth::headers, [&segment](const SpoolPiece& piece) {
    if (piece.state != SpoolPiece::State::whole) return true;
    if (segment.records == 0) segment.oldest_ms = piece.header->first_ms;
    segment.records += piece.header->count;
    segment.end = piece.header->end();
    segment.newest_ms = std::max(segment.newest_ms, piece.header->last_ms);
    return true;
  });
}

Status SpoolContents::walk(const SpoolSegment& segment, Depth depth,
                           const std::function<bool(const SpoolPiece&)>& visit) const {
  if (!segment.header) {
    visit({SpoolPiece::State::damaged, 0, segment.bytes, std::nullopt, {}});
    return {};
  }
  std::optional<crypto::DataKey> key;
  if (depth == Depth::records) {
    Result<std::optional<crypto::DataKey>> opened = spool::key_of(segment.header->wrapped_key, place_);
    if (!opened) return opened.status();
    key = *std::move(opened);
  }
  std::unique_ptr<spool::File> file;
  if (const int error = place_.files.open(segment.path, spool::FileSystem::Open::read, file); error != 0)
    return error == ENOENT ? Status() : spool::disk_error("cannot open", segment.path, error);
  const std::uint32_t salt = spool::salt_of(segment.header->spool);
  BlockWalk blocks(*file, salt);
  Judge judge(segment, salt, key ? &*key : nullptr, depth);
  return show(blocks, judge, segment, depth != Depth::headers, visit);
}

}  // namespace weir::host::cli
