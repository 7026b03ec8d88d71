#include "spool/segments.h"

#include <array>
#include <cerrno>

#include "spool/scan.h"

namespace weir::host::spool {

void Segments::clear() {
  const std::lock_guard lock(mutex_);
  all_.clear();
  bytes_ = 0;
}

void Segments::set(const Segment& segment) {
  const std::lock_guard lock(mutex_);
  Segment& mine = all_[segment.first];
  bytes_ += segment.bytes - mine.bytes;
  mine = segment;
  if (!segment.known || segment.end < end_) return;
  end_ = segment.end;
  ordinal_end_ = segment.ordinal_end();
}

void Segments::remove(Sequence first) {
  const std::lock_guard lock(mutex_);
  const auto found = all_.find(first);
  if (found == all_.end()) return;
  bytes_ -= found->second.bytes;
  all_.erase(found);
}

void Segments::set_hole(Sequence first) {
  const std::lock_guard lock(mutex_);
  hole_first_ = first;
}

void Segments::set_end(Sequence next, std::uint64_t ordinal) {
  const std::lock_guard lock(mutex_);
  end_ = next;
  ordinal_end_ = ordinal;
}

Result<Segment> Segments::find(Sequence sequence) {
  const std::lock_guard lock(mutex_);
  auto at = all_.upper_bound(sequence);
  if (at != all_.begin()) --at;
  while (at != all_.end()) {
    Result<Segment> segment = known(at->first);
    if (!segment || !segment->readable || segment->end > sequence) return segment;
    ++at;
  }
  return Status(WEIR_NOT_FOUND, "no such segment");
}

Result<Segment> Segments::get(Sequence first) {
  const std::lock_guard lock(mutex_);
  if (all_.find(first) == all_.end()) return Status(WEIR_NOT_FOUND, "no such segment");
  return known(first);
}

Result<Segment> Segments::after(Sequence first) {
  const std::lock_guard lock(mutex_);
  const auto at = all_.upper_bound(first);
  if (at == all_.end()) return Status(WEIR_NOT_FOUND, "no such segment");
  return known(at->first);
}

Result<Segment> Segments::known(Sequence first) {
  const auto at = all_.find(first);
  if (at->second.known) return at->second;
  const auto behind = std::next(at);
  Segment learned = at->second;
  if (Status status = learn(learned, behind == all_.end() ? std::nullopt : std::optional(behind->first)); !status.ok())
    return status;
  at->second = learned;
  return learned;
}

Status Segments::learn(Segment& segment, std::optional<Sequence> next) {
  const Result<SegmentFacts> facts = read_facts(files_, path(segment.first));
  const bool is_gone = !facts && facts.status().code() == WEIR_NOT_FOUND;
  if (!facts && !is_gone) return facts.status();
  segment.known = true;
  segment.readable = !is_gone && facts->header && facts->header->first == segment.first;
  if (!segment.readable) return {};
  segment.spool = facts->header->spool;
  segment.ordinal = facts->header->ordinal;
  segment.created_ms = segment.newest_ms = facts->header->created_ms;
  segment.wrapped_key = facts->header->wrapped_key;
  if (facts->footer) {
    segment.count = facts->footer->count;
    segment.data_end = facts->footer->data_end;
    segment.newest_ms = facts->footer->newest_ms;
  } else if (segment.first < hole_first_ && (!next || hole_first_ <= *next)) {
    segment.data_end = segment.bytes;
    segment.count = hole_first_ - segment.first;
  } else if (next) {
    // It was given up, or its footer is damaged: the one behind it knows how many records it had.
    segment.data_end = segment.bytes;
    const Result<Segment> behind = known(*next);
    if (!behind) return behind.status();
    if (behind->readable && behind->ordinal >= segment.ordinal) {
      segment.count = behind->ordinal - segment.ordinal;
      segment.newest_ms = behind->created_ms;
      segment.end = segment.first + segment.count;
      return {};
    }
    std::unique_ptr<File> file;
    Scan scan;
    int error = files_.open(path(segment.first), FileSystem::Open::read, file);
    if (error == 0) error = scan_blocks(*file, salt_of(segment.spool), segment.first, segment.bytes, 0, scan);
    if (error != 0) return Status::fatal("cannot read '" + path(segment.first) + "'");
    segment.count = scan.end - segment.first;
    segment.newest_ms = scan.newest_ms;
  }
  segment.end = segment.first + segment.count;
  return {};
}

std::vector<Segment> Segments::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<Segment> all;
  all.reserve(all_.size());
  for (const auto& [first, segment] : all_) all.push_back(segment);
  return all;
}

Sequence Segments::end() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

std::uint64_t Segments::ordinal_end() const {
  const std::lock_guard lock(mutex_);
  return ordinal_end_;
}

std::uint64_t Segments::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::size_t Segments::size() const {
  const std::lock_guard lock(mutex_);
  return all_.size();
}

Result<SegmentFacts> read_facts(FileSystem& files, const std::string& path) {
  std::unique_ptr<File> file;
  SegmentFacts facts;
  int error = files.open(path, FileSystem::Open::read, file);
  if (error == ENOENT) return Status(WEIR_NOT_FOUND, "there is no '" + path + "'");
  if (error == 0) error = file->size(facts.bytes);
  std::array<char, kSegmentHeaderBytes> head{};
  std::array<char, kFooterBytes> tail{};
  std::size_t got = 0;
  if (error == 0) error = file->read(0, head, got);
  const std::string_view sectors(head.data(), got);
  if (error == 0 && facts.bytes >= kSegmentHeaderBytes + kFooterBytes)
    error = file->read(facts.bytes - kFooterBytes, tail, got);
  if (error != 0) return Status::fatal("cannot read '" + path + "'");
  for (std::size_t at = 0; at < kSegmentHeaderBytes; at += kSectorBytes) {
    const auto header = at < sectors.size() ? decode_segment_header(sectors.substr(at)) : std::nullopt;
    if (!header) ++facts.damaged_headers;
    if (header && !facts.header) facts.header = header;
  }
  facts.footer = decode_footer({tail.data(), tail.size()});
  if (facts.footer && facts.footer->data_end + kFooterBytes != facts.bytes) facts.footer.reset();
  return facts;
}

}  // namespace weir::host::spool
