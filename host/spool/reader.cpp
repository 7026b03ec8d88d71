#include "spool/reader.h"

#include <cerrno>
#include <charconv>

#include "spool/block.h"
#include "spool/record_codec.h"

namespace weir::host::spool {
namespace {

constexpr Sequence kLeap = 1 << 20;                // so many numbers at least are left out where fresh ones begin
constexpr std::size_t kLargestKept = 1024 * 1024;  // bytes of a buffer that a large record left

Bytes digits_of(Sequence sequence, std::array<char, 20>& into) {
  const auto [end, error] = std::to_chars(into.data(), into.data() + into.size(), sequence);
  return {into.data(), static_cast<std::size_t>(end - into.data())};
}

}  // namespace

Reader::Reader(const Place& place, Segments& segments, Progress& progress, Counters& counters, const Options& options)
    : place_(place),
      segments_(segments),
      progress_(progress),
      counters_(counters),
      quarantine_(place),
      max_age_ms_(options.max_age.count()),
      feed_(options.read_memory) {}

Status Reader::begin(Sequence next, const StateSlot& hole) {
  const std::lock_guard lock(mutex_);
  leave();
  progress_.begin(next - 1);
  const Result<Segment> segment = segments_.find(next);
  if (!segment && segment.status().code() != WEIR_NOT_FOUND) return segment.status();
  next_ = next;
  if (!segment) {
    progress_.skip(next, segments_.end());
    next_ = std::max(next, segments_.end());
    ordinal_ = segments_.ordinal_end();
  } else if (!segment->readable) {
    ordinal_ = ordinal_before(next, *segment);  // what it held is lost when it is read
  } else if (segment->first <= next) {
    ordinal_ = segment->ordinal + (next - segment->first);
  } else {
    progress_.skip(next, segment->first);
    next_ = segment->first;
    ordinal_ = segment->ordinal;
  }
  hole_ahead_ = hole.hole_first < hole.hole_end && next_ <= hole.hole_first ? hole.hole_records : 0;
  oldest_ms_ = segment.ok() ? segment->created_ms : 0;
  return {};
}

/// How many records came before `next`, which lies in or before a segment that cannot be read, as far as the one behind it tells.
std::uint64_t Reader::ordinal_before(Sequence next, Segment segment) {
  while (!segment.readable) {
    const Result<Segment> behind = segments_.after(segment.first);
    if (!behind) return segments_.ordinal_end();
    segment = *behind;
  }
  const Sequence gap = segment.first - next;
  return gap < kLeap ? segment.ordinal - std::min<std::uint64_t>(gap, segment.ordinal) : segment.ordinal;
}

void Reader::end() {
  const std::lock_guard lock(mutex_);
  leave();
  feed_.stop();
}

void Reader::leave() {
  feed_.close();
  left_ = 0;
  segment_ = {};
  crypto::wipe(block_);
  block_ = {};
}

Status Reader::read(Slice& into, std::uint32_t partition, std::size_t max_records, std::size_t max_bytes,
                    std::int64_t now_ms) {
  const std::lock_guard lock(mutex_);
  Status status = advance(now_ms);
  if (status.code() == WEIR_OK) give(into, partition, max_records, max_bytes);
  return status;
}

void Reader::expire(std::int64_t now_ms) {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return;
  while (next_ < segments_.end()) {
    const Sequence before = next_;
    if (left_ > 0) {
      if (!is_old(block_ms_, now_ms)) return;
      expire_to(next_ + left_);
      left_ = 0;
    } else if (!feed_.is_open() || next_ >= segment_.end || segment_.writing) {
      const Result<Segment> segment = segments_.find(next_);
      if (!segment || !segment->readable || segment->writing || !is_old(segment->newest_ms, now_ms)) return;
      jump_to(*segment);
      expire_to(segment->end);
    } else if (is_old(segment_.newest_ms, now_ms)) {
      expire_to(segment_.end);
    }
    if (next_ == before) return;
  }
}

/// Until a block is current that has records left.
Status Reader::advance(std::int64_t now_ms) {
  while (true) {
    if (left_ > 0) {
      if (!is_old(block_ms_, now_ms)) return {};
      expire_to(next_ + left_);
      left_ = 0;
      continue;
    }
    if (next_ >= segments_.end()) {
      leave_ended();
      return {WEIR_NOT_FOUND, ""};
    }
    if (!feed_.is_open() || next_ >= segment_.end) {
      if (Status status = choose_segment(now_ms); status.code() != WEIR_OK) return status;
    } else if (Status status = next_piece(now_ms); status.code() != WEIR_OK) {
      return status;
    }
  }
}

/// A segment that gets no more records is let go when all of it was read: held open, it would keep its room on the disk after its removal.
void Reader::leave_ended() {
  if (!feed_.is_open() || next_ < segment_.end) return;
  const Result<Segment> segment = segments_.get(segment_.first);
  if (!segment || !segment->writing) leave();
}

Status Reader::choose_segment(std::int64_t now_ms) {
  const Result<Segment> found = segments_.find(next_);
  if (!found) return found.status().code() == WEIR_NOT_FOUND ? found.status() : Status::retry(found.status().message());
  if (!found->readable) {
    lose(*found);
    return {};
  }
  jump_to(*found);
  if (!found->writing && is_old(found->newest_ms, now_ms)) {
    expire_to(found->end);
    return {};
  }
  if (!feed_.is_open() || found->first != segment_.first) return enter(*found);
  segment_ = *found;  // more of it has become durable
  return {};
}

Status Reader::enter(const Segment& segment) {
  leave();
  Result<std::optional<crypto::DataKey>> key = key_of(segment.wrapped_key, place_);
  if (key.status().code() == WEIR_E_DATA) {
    lose(segment);
    return {};
  }
  if (!key) return key.status();
  std::unique_ptr<File> file;
  const int error = place_.files.open(segments_.path(segment.first), FileSystem::Open::read, file);
  if (error == ENOENT) {
    lose(segment);
    return {};
  }
  if (error != 0) return Status::retry(disk_error("cannot open", segments_.path(segment.first), error).message());
  feed_.open(std::move(file), salt_of(segment.spool), *std::move(key), segment.first);
  segment_ = segment;
  return {};
}

Status Reader::next_piece(std::int64_t now_ms) {
  std::optional<SegmentFeed::Piece> piece;
  if (const int error = feed_.look(segment_.data_end, piece); error != 0) return cannot_read(error);
  if (!piece || (piece->header && piece->header->first >= segment_.end)) {  // its last ones are not there
    pass(segment_.end, counters_.damaged);
    return {};
  }
  if (!piece->header) {
    damage(piece->offset, piece->size);
    feed_.pass(*piece);
    return {};
  }
  const BlockHeader& header = *piece->header;
  if (header.first > next_) pass(header.first, counters_.damaged);
  if (header.end() > next_) {
    if (is_old(header.last_ms, now_ms)) {
      expire_to(header.end());
    } else if (Status status = open_block(header, piece->offset); !status.ok()) {
      return status;
    }
  }
  feed_.pass(*piece);
  if (left_ > 0) feed_.unpack_ahead(segment_.data_end);
  return {};
}

Status Reader::cannot_read(int error) const {
  return Status::retry(disk_error("cannot read", segments_.path(segment_.first), error).message());
}

Status Reader::open_block(const BlockHeader& header, std::uint64_t offset) {
  bool is_whole = false;
  if (const int error = feed_.unpack(segment_.data_end, header, block_, is_whole); error != 0)
    return cannot_read(error);
  if (!is_whole || !measure(header)) {
    damage(offset, header.size());
    pass(header.end(), counters_.damaged);
    return {};
  }
  const auto skipped = static_cast<std::size_t>(next_ - header.first);
  at_ = 0;
  for (std::size_t i = 0; i < skipped; ++i) at_ += sizes_[i];
  left_ = header.end() - next_;
  block_ms_ = header.last_ms;
  oldest_ms_ = header.first_ms;
  return {};
}

/// The sizes of its records; false: they are not what the header says.
bool Reader::measure(const BlockHeader& header) {
  sizes_.clear();
  std::string_view rest = block_;
  for (std::uint32_t i = 0; i < header.count; ++i) {
    const std::size_t size = encoded_size(rest);
    if (size == 0) return false;
    sizes_.push_back(size);
    rest.remove_prefix(size);
  }
  return rest.empty();
}

/// Bytes that are none of a whole block. They stay where they are too, as long as the segment does.
void Reader::damage(std::uint64_t offset, std::uint64_t size) {
  ++counters_.damaged_blocks;
  const int error = quarantine_.copy(feed_.file(), segment_.first, offset, size);
  place_.log.alarm("spool_damaged", "A piece of the spool is damaged; it was put into quarantine.",
                   {{"segment", segment_name(segment_.first)}, {"offset", offset}, {"bytes", size}});
  if (error == 0) return;
  place_.log.error("The damaged piece could not be copied to the quarantine.",
                   {{"reason", disk_error("cannot write below", place_.folder, error).message()}});
}

/// All of a segment. How many records that were, the next one's header tells.
void Reader::lose(const Segment& segment) {
  ++counters_.damaged_blocks;
  leave();
  segments_.remove(segment.first);
  const int error = quarantine_.move(segment_name(segment.first));
  place_.log.alarm(
      "spool_damaged", "A segment of the spool cannot be read; it was moved to the quarantine.",
      {{"segment", segment_name(segment.first)},
       {"reason", error == 0 ? "it is damaged" : disk_error("cannot move", place_.folder, error).message()}});
}

/// To the first record of a segment that begins behind the cursor: what is missing between is damage, unless it expired before.
void Reader::jump_to(const Segment& segment) {
  if (segment.first <= next_) return;
  std::uint64_t missing = segment.ordinal > ordinal_ ? segment.ordinal - ordinal_ : 0;
  missing -= std::min<std::uint64_t>(missing, hole_ahead_);
  hole_ahead_ = 0;
  counters_.damaged += missing;
  if (missing > 0) {
    place_.log.alarm("spool_damaged", "Records of the spool are missing.",
                     {{"records", missing}, {"before", segment_name(segment.first)}});
  }
  progress_.skip(next_, segment.first);
  next_ = segment.first;
  ordinal_ = segment.ordinal;
  oldest_ms_ = segment.created_ms;
}

void Reader::pass(Sequence end, std::atomic<std::uint64_t>& counter) {
  const Sequence count = end - next_;
  counter += count;
  progress_.skip(next_, end);
  ordinal_ += count;
  next_ = end;
}

void Reader::expire_to(Sequence end) {
  const std::uint64_t count = end - next_;
  pass(end, counters_.expired);
  place_.log.alarm("spool_expired",
                   "Records of the spool are older than max_age and were not delivered; they are gone.",
                   {{"records", count}});
}

void Reader::give(Slice& into, std::uint32_t partition, std::size_t max_records, std::size_t max_bytes) {
  const std::size_t first = sizes_.size() - left_;
  const std::size_t most = std::min<std::size_t>({max_records, left_, OriginBlock::kOrigins});
  std::size_t count = 0;
  std::size_t bytes = 0;
  while (count < most && (count == 0 || bytes + sizes_[first + count] <= max_bytes)) bytes += sizes_[first + count++];
  const std::string_view copied = view(into.arena().copy(std::string_view(block_).substr(at_, bytes)));
  std::array<char, 20> digits;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Origin* const origin = into.origins()->open(partition, digits_of(next_ + i, digits), 0);
    const std::size_t size = sizes_[first + i];
    decode_record(copied.substr(at, size), *into.append(*origin));
    at += size;
  }
  at_ += bytes;
  left_ -= count;
  next_ += count;
  ordinal_ += count;
  counters_.taken += count;
  oldest_ms_ = block_ms_;
  if (left_ == 0 && block_.capacity() > kLargestKept) block_ = {};
}

Reader::Standing Reader::standing() const {
  Standing standing;
  standing.next = next_;
  standing.passed = ordinal_;
  const std::uint64_t passed = ordinal_ + hole_ahead_;
  const std::uint64_t all = segments_.ordinal_end();
  standing.backlog = all > passed ? all - passed : 0;
  standing.oldest_ms = oldest_ms_;
  return standing;
}

void Reader::appended(Sequence end, std::int64_t ms) {
  if (next_ == end) oldest_ms_ = ms;
}

}  // namespace weir::host::spool
