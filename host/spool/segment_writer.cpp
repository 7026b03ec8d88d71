#include "spool/segment_writer.h"

#include <algorithm>
#include <cerrno>

#include "spool/crc32c.h"
#include "spool/fault.h"

namespace weir::host::spool {

int SegmentWriter::create(const Segment& segment) {
  segment_ = segment;
  if (place_.ring) {
    auto [key, wrapped] = new_data_key(*place_.ring);
    key_ = std::move(key);
    segment_.wrapped_key.assign(wrapped.begin(), wrapped.end());
  }
  salt_ = salt_of(segment_.spool);
  const std::string path = place_.folder + "/" + segment_name(segment_.first);
  int error = place_.files.open(path, FileSystem::Open::create, file_);
  if (error != 0) return error;
  error = fill();
  if (error != 0) {
    file_.reset();
    static_cast<void>(place_.files.remove(path));  // the first error is the one that matters
    return error;
  }
  written_ = {segment_.first, kSegmentHeaderBytes, 0, segment_.created_ms, segment_.created_ms, 0};
  durable_ = written_;
  show();
  return 0;
}

int SegmentWriter::fill() {
  fault("segment.created");
  const std::string sector = encode(
      SegmentHeader{segment_.spool, segment_.first, segment_.ordinal, segment_.created_ms, segment_.wrapped_key});
  const std::string_view parts[] = {sector, sector};
  std::uint64_t written = 0;
  int error = file_->write(0, parts, written);
  if (error == 0) error = file_->sync();
  fault("segment.header_synced");
  if (error == 0) error = place_.files.sync_folder(place_.folder);
  fault("segment.folder_synced");
  return error;
}

int SegmentWriter::write(std::span<const PackedBlock> blocks, Sequence first) {
  Tail tail = written_;
  tail.end = first;
  images_.resize(std::max(images_.size(), blocks.size()));
  parts_.clear();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    BlockHeader header;
    header.first = tail.end;
    header.durable = durable_.bytes;
    BlockImage& image = images_[i];
    make_image(blocks[i], header, salt_, key_ ? &*key_ : nullptr, image);
    parts_.insert(parts_.end(), {image.header, image.payload, image.trailer});
    take(blocks[i], image, tail);
  }
  std::uint64_t written = 0;
#ifdef WEIR_FAULTS
  static_cast<void>(file_->write(written_.bytes, std::span(parts_).first(parts_.size() / 2), written));
  fault("group.half_written");
#endif
  const int error = file_->write(written_.bytes, parts_, written);
  fault("group.written");
  if (error == 0) {
    written_ = tail;
    return 0;
  }
  if (file_->truncate(written_.bytes) != 0 || !is_full(error)) poisoned_ = true;
  return error;
}

void SegmentWriter::take(const PackedBlock& block, const BlockImage& image, Tail& tail) const {
  tail.end += block.count;
  tail.bytes += image.size();
  if (++tail.blocks == 1) tail.oldest_ms = block.first_ms;
  tail.newest_ms = std::max(tail.newest_ms, block.last_ms);
  tail.crc_of_crcs = crc32c(image.trailer, tail.crc_of_crcs);
}

int SegmentWriter::sync() {
  const int error = file_->sync();
  if (error != 0) {
    poisoned_ = true;
    return error;
  }
  durable_ = written_;
  show();
  return 0;
}

int SegmentWriter::seal() {
  const std::string bytes = encode(Footer{segment_.first, durable_.end, segment_.count, durable_.oldest_ms,
                                          durable_.newest_ms, durable_.blocks, durable_.bytes, durable_.crc_of_crcs});
  const std::string_view parts[] = {bytes};
  std::uint64_t written = 0;
  int error = file_->write(durable_.bytes, parts, written);
  fault("segment.footer_written");
  if (error == 0) error = file_->sync();
  fault("segment.sealed");
  segment_.writing = false;
  segment_.bytes = durable_.bytes + (error == 0 ? written : 0);
  file_.reset();
  return error;
}

void SegmentWriter::show() {
  segment_.end = durable_.end;
  segment_.count = durable_.end - segment_.first;
  segment_.data_end = segment_.bytes = durable_.bytes;
  segment_.newest_ms = durable_.newest_ms;
  segment_.known = segment_.writing = true;
}

std::uint64_t SegmentWriter::file_bytes() {
  std::uint64_t bytes = 0;
  return file_->size(bytes) == 0 ? bytes : written_.bytes;
}

std::uint64_t SegmentWriter::size_of(std::span<const PackedBlock> blocks) {
  std::uint64_t size = 0;
  for (const PackedBlock& block : blocks)
    size += kBlockHeaderBytes + block.payload.size() + crypto::kBoxOverhead + kBlockTrailerBytes;
  return size;
}

}  // namespace weir::host::spool
