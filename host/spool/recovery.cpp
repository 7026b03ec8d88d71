#include "spool/recovery.h"

#include <algorithm>
#include <cerrno>

#include "spool/fault.h"
#include "spool/scan.h"

namespace weir::host::spool {
namespace {

/// Records a millisecond may bring at most before numbers of later times are used: a thousand million a second.
constexpr int kTimeShift = 20;
constexpr std::uint64_t kPieceBytes = 256 * 1024;

}  // namespace

Result<Folder> look_at(const Place& place) {
  Folder folder;
  std::vector<FolderEntry> entries;
  if (const int error = place.files.list(place.folder, entries); error != 0)
    return disk_error("cannot read the spool", place.folder, error);
  for (FolderEntry& entry : entries) {
    if (segment_of_name(entry.name)) folder.segments.push_back(std::move(entry));
  }
  const Result<StateSlot> state = StateFile::read(place.files, place.folder);
  if (state) {
    folder.state = *state;
  } else if (state.status().code() != WEIR_NOT_FOUND || !folder.segments.empty()) {
    return Status::fatal("the spool '" + place.folder + "' cannot be used: " + state.status().message() +
                         "; put back a good copy of its file 'state', or see what 'weir spool repair' would do");
  }
  fault("open.state_read");
  return folder;
}

Status Recovery::run(Sequence least, std::int64_t now_ms) {
  // What an earlier process removed is not to come back after what is done here.
  if (const int error = place_.files.sync_folder(place_.folder); error != 0)
    return disk_error("cannot make durable", place_.folder, error);
  while (true) {
    const std::vector<Segment> all = segments_.all();
    if (all.empty()) break;
    const Result<bool> taken = take_last(all.back().first);
    if (!taken) return taken.status();
    if (*taken) break;
  }
  return finish(least, now_ms);
}

Result<bool> Recovery::take_last(Sequence first) {
  const Result<SegmentFacts> facts = read_facts(place_.files, segments_.path(first));
  if (!facts) return Status::fatal(facts.status().message());
  if (!facts->header || facts->header->first != first) return drop(first, facts->bytes <= kSegmentHeaderBytes);
  Result<Segment> segment = segments_.get(first);
  if (!segment) return Status::fatal(segment.status().message());
  if (!facts->footer) {
    if (Status status = repair(*segment); !status.ok()) return status;
    if (segment->count == 0) return drop(first, true);
  }
  last_ = *segment;
  segments_.set(last_);
  return true;
}

/// One without a record: it was made and nothing came of it. One that should have some goes to the quarantine.
Result<bool> Recovery::drop(Sequence first, bool is_empty) {
  const bool was_used = state_.latest().durable >= first;
  const std::string name = segment_name(first);
  int error = 0;
  if (is_empty && !was_used) {
    error = place_.files.remove(segments_.path(first));
    if (error == 0) error = place_.files.sync_folder(place_.folder);
  } else {
    has_lost_ = true;
    error = Quarantine(place_).move(name);
    place_.log.alarm("spool_damaged", "The last segment of the spool cannot be read; it was moved to the quarantine.",
                     {{"segment", name}});
  }
  if (error != 0) return disk_error("cannot remove", segments_.path(first), error);
  segments_.remove(first);
  return false;
}

std::uint64_t Recovery::durable_bytes(Sequence first) const {
  return state_.latest().tail_first == first ? state_.latest().tail_bytes : 0;
}

/// A segment without a footer: what is whole of it is kept, and made durable.
Status Recovery::repair(Segment& segment) {
  const std::string path = segments_.path(segment.first);
  std::unique_ptr<File> file;
  int error = place_.files.open(path, FileSystem::Open::update, file);
  if (error != 0) return disk_error("cannot open", path, error);
  Scan scan;
  error = scan_blocks(*file, salt_of(segment.spool), segment.first, segment.bytes, durable_bytes(segment.first), scan);
  if (error != 0) return disk_error("cannot read", path, error);
  fault("recover.scanned");
  const Sequence durable_end = state_.latest().durable + 1;
  segment.end = std::max(scan.end, durable_end > segment.first ? durable_end : segment.first);
  const StateSlot& slot = state_.latest();
  if (slot.hole_first < slot.hole_end && segment.first < slot.hole_first) segment.end = slot.hole_first;
  has_lost_ = has_lost_ || scan.damaged || scan.end < segment.end;
  segment.count = segment.end - segment.first;
  segment.data_end = scan.data_end;
  segment.newest_ms = std::max(segment.created_ms, scan.newest_ms);
  if (Status status = salvage(segment, scan, *file); !status.ok()) return status;
  if (segment.count == 0) return {};
  if (Status status = settle_end(segment, scan, *file); !status.ok()) return status;
  error = file->size(segment.bytes);
  return error == 0 ? Status() : disk_error("cannot read", path, error);
}

/// Makes what counts durable, cuts the rest and seals the segment; one with islands stays as it is until those are written elsewhere.
Status Recovery::settle_end(const Segment& segment, const Scan& scan, File& file) {
  int error = rewrite(file, std::max<std::uint64_t>(scan.durable, kSegmentHeaderBytes), scan.data_end);
  if (scan.islands.empty()) {
    if (error == 0) error = file.truncate(scan.data_end);
    fault("recover.truncated");
    const std::string footer = encode(Footer{segment.first, segment.end, segment.count, scan.oldest_ms,
                                             segment.newest_ms, scan.blocks, scan.data_end, scan.crc_of_crcs});
    const std::string_view parts[] = {footer};
    std::uint64_t written = 0;
    if (error == 0 && file.write(scan.data_end, parts, written) != 0)
      error = file.truncate(scan.data_end);  // no room: it is as good without
  }
  if (error == 0) error = file.sync();
  fault("recover.sealed");
  if (error == 0) return {};
  const Status status = disk_error("cannot make durable", segments_.path(segment.first), error);
  return is_full(error) ? Status::retry(status.message()) : status;
}

Status Recovery::salvage(const Segment& segment, const Scan& scan, File& file) {
  salvaged_.clear();
  if (scan.islands.empty()) return {};
  const Result<std::optional<crypto::DataKey>> key = key_of(segment.wrapped_key, place_);
  if (!key) return Status::fatal(key.status().message());
  BlockWalk walk(file, salt_of(segment.spool));
  for (const std::uint64_t offset : scan.islands) {
    std::optional<BlockWalk::Piece> piece;
    if (const int error = walk.at(offset, segment.bytes, segment.first, true, piece); error != 0)
      return disk_error("cannot read", segments_.path(segment.first), error);
    if (!piece || !piece->header) continue;
    Salvaged block;
    if (!unpack(*piece->header, walk.salt(), piece->bytes, *key ? &**key : nullptr, block.raw)) continue;
    const BlockHeader& header = *piece->header;
    block.block = {Codec::none, {}, header.raw, header.count, header.first_ms, header.last_ms};
    salvaged_.push_back(std::move(block));
  }
  place_.log.warn(
      "At the end of the spool blocks are whole behind some that are not; they are kept, and may come twice.",
      {{"segment", segment_name(segment.first)}, {"blocks", salvaged_.size()}});
  return {};
}

/// What the process that wrote it did not see become durable may be in the kernel's memory only, where a sync that failed left it as
/// if all were well. Written again it is dirty again.
int Recovery::rewrite(File& file, std::uint64_t from, std::uint64_t end) {
  std::string piece;
  for (std::uint64_t at = from; at < end;) {
    piece.resize(std::min(kPieceBytes, end - at));
    std::size_t got = 0;
    if (const int error = file.read(at, piece, got); error != 0) return error;
    if (got != piece.size()) return EIO;
    const std::string_view parts[] = {piece};
    std::uint64_t written = 0;
    if (const int error = file.write(at, parts, written); error != 0) return error;
    at += got;
  }
  return 0;
}

Status Recovery::finish(Sequence least, std::int64_t now_ms) {
  StateSlot slot = state_.latest();
  Sequence end = last_.end;
  std::uint64_t ordinal = last_.ordinal_end();
  if (slot.hole_first < slot.hole_end && slot.hole_end > end) {  // what was behind the last one has expired
    end = slot.hole_end;
    ordinal += slot.hole_records;
  }
  if (slot.durable >= std::max<Sequence>(end, 1) && slot.durable > slot.delivered) has_lost_ = true;
  const Sequence after = std::max({end, least, slot.next, slot.delivered + 1});
  slot.next = has_lost_ ? fresh_sequence(after, now_ms) : after;
  slot.durable = end == 0 ? slot.durable : end - 1;
  slot.tail_first = last_.first;
  slot.tail_bytes = last_.data_end;
  segments_.set_end(slot.next, ordinal);
  if (const int error = state_.store(slot); error != 0 && !is_full(error))
    return disk_error("cannot write the state of the spool", place_.folder, error);
  fault("recover.done");
  return {};
}

Sequence fresh_sequence(Sequence least, std::int64_t now_ms) {
  const auto time = static_cast<Sequence>(std::max<std::int64_t>(now_ms, 0));
  return std::max(least + (Sequence{1} << kTimeShift), time << kTimeShift);
}

}  // namespace weir::host::spool
