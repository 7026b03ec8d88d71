#include "spool/journal.h"

#include <algorithm>

#include "spool/fault.h"

namespace weir::host::spool {
namespace {

constexpr int kTries = 2;  // a poisoned segment, then a new one

}  // namespace

Journal::Journal(const Place& place, Segments& segments, StateFile& state, Limits limits)
    : place_(place), segments_(segments), state_(state), limits_(limits) {}

void Journal::begin(const SpoolId& spool) {
  spool_ = spool;
  writer_.reset();  // of an opening that failed
}

Status Journal::append(std::span<const PackedBlock> blocks, std::int64_t now_ms) {
  int error = 0;
  for (int tries = 0; tries < kTries; ++tries) {
    error = make_room(blocks, now_ms);
    if (error == 0) error = write(blocks);
    if (error == 0) return {};
    if (writer_ && writer_->poisoned()) {
      give_up();
    } else if (is_full(error)) {
      seal();  // once it is delivered it may go, and make room
      return Status::retry("the disk of the spool '" + place_.folder + "' is full");
    }
  }
  if (is_full(error)) return Status::retry("the disk of the spool '" + place_.folder + "' is full");
  return disk_error("cannot make records durable in the spool", place_.folder, error);
}

int Journal::make_room(std::span<const PackedBlock> blocks, std::int64_t now_ms) {
  if (writer_) {
    const Segment& segment = writer_->segment();
    const bool is_full = segment.count > 0 && segment.bytes + SegmentWriter::size_of(blocks) > limits_.segment_bytes;
    if (is_full || is_due(now_ms)) seal();
  }
  return writer_ ? 0 : open_segment(now_ms);
}

bool Journal::is_due(std::int64_t now_ms) const {
  return writer_ && writer_->segment().count > 0 && now_ms - writer_->segment().created_ms >= limits_.segment_ms;
}

int Journal::open_segment(std::int64_t now_ms) {
  Segment segment;
  segment.spool = spool_;
  segment.first = segments_.end();
  segment.ordinal = segments_.ordinal_end();
  segment.created_ms = now_ms;
  writer_.emplace(place_);
  const int error = writer_->create(segment);
  if (error != 0) {
    writer_.reset();
  } else {
    segments_.set(writer_->segment());
  }
  return error;
}

int Journal::write(std::span<const PackedBlock> blocks) {
  int error = writer_->write(blocks, segments_.end());
  if (error != 0) return error;
  error = writer_->sync();
  fault("group.synced");
  if (error == 0) segments_.set(writer_->segment());
  return error;
}

void Journal::seal() {
  if (!writer_ || writer_->segment().count == 0) return;  // an empty one has a name that is needed yet
  if (const int error = writer_->seal(); error != 0) {
    place_.log.warn("A segment of the spool could not be sealed; it is read without its footer.",
                    {{"reason", disk_error("cannot write", place_.folder, error).message()}});
  }
  segments_.set(writer_->segment());
  StateSlot slot = state_.latest();
  slot.durable = writer_->segment().end - 1;
  slot.tail_first = writer_->segment().first;
  slot.tail_bytes = writer_->segment().data_end;
  static_cast<void>(state_.store(slot));  // a lower bound: the older one holds as well
  writer_.reset();
}

/// What it made durable stays; the rest is written elsewhere. Without a durable record its name is needed again.
void Journal::give_up() {
  ++poisoned_;
  Segment segment = writer_->segment();
  segment.bytes = writer_->file_bytes();
  writer_.reset();
  place_.log.alarm("spool_segment_poisoned",
                   "The disk refused to make a segment of the spool durable; going on in a new one.",
                   {{"segment", segment_name(segment.first)}});
  if (segment.count > 0) {
    segment.writing = false;
    return segments_.set(segment);
  }
  segments_.remove(segment.first);
  static_cast<void>(place_.files.remove(segments_.path(segment.first)));  // create() says it when it is still there
}

}  // namespace weir::host::spool
