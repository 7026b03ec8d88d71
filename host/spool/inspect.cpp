#include "spool/inspect.h"

#include <algorithm>
#include <cerrno>

#include "crypto/secret_bytes.h"
#include "spool/block.h"
#include "spool/block_walk.h"
#include "spool/place.h"
#include "spool/quarantine.h"
#include "spool/recovery.h"
#include "spool/scan.h"
#include "spool/segments.h"
#include "spool/state.h"

namespace weir::host::spool {
namespace {

std::string key_id_of(std::string_view wrapped) {
  crypto::KeyId id{};
  if (wrapped.size() < id.size()) return {};
  std::copy_n(wrapped.begin(), id.size(), id.begin());
  return crypto::to_text(id);
}

class FolderInspector final : public Inspector {
 public:
  FolderInspector(FileSystem& files, const std::string& folder, std::optional<crypto::KeyRing> ring)
      : place_{files, folder, Log(), std::move(ring)} {}

  Result<StateSlot> state() const override { return StateFile::read(place_.files, place_.folder); }

  Result<std::vector<SegmentSummary>> segments() const override {
    const Result<std::vector<Sequence>> all = names();
    if (!all) return all.status();
    std::vector<SegmentSummary> summaries;
    for (const Sequence first : *all) {
      Result<SegmentSummary> summary = summarise(first);
      if (summary) summaries.push_back(*std::move(summary));
      if (!summary && summary.status().code() != WEIR_NOT_FOUND) return summary.status();
    }
    return summaries;
  }

  Result<Verdict> verify(Sequence segment) const override;
  Status read(const Range& range, const std::function<bool(const SpooledRecord&)>& each) const override;

 private:
  [[nodiscard]] std::string path(Sequence first) const { return place_.folder + "/" + segment_name(first); }
  [[nodiscard]] Result<std::vector<Sequence>> names() const;
  [[nodiscard]] Result<SegmentSummary> summarise(Sequence first) const;
  [[nodiscard]] std::optional<Sequence> end_told_by_others(const SegmentHeader& header) const;
  Status read_segment(const SegmentSummary& segment, const Range& range,
                      const std::function<bool(const SpooledRecord&)>& each, bool& goes_on) const;
  bool give_block(const BlockHeader& header, Sequence segment, std::string_view raw, const Range& range,
                  const std::function<bool(const SpooledRecord&)>& each) const;

  const Place place_;
};

Result<std::vector<Sequence>> FolderInspector::names() const {
  std::vector<FolderEntry> entries;
  if (const int error = place_.files.list(place_.folder, entries); error != 0)
    return disk_error("cannot read the spool", place_.folder, error);
  std::vector<Sequence> all;
  for (const FolderEntry& entry : entries) {
    if (const auto first = segment_of_name(entry.name)) all.push_back(*first);
  }
  std::sort(all.begin(), all.end());
  return all;
}

Result<SegmentSummary> FolderInspector::summarise(Sequence first) const {
  const Result<SegmentFacts> facts = read_facts(place_.files, path(first));
  if (!facts) return facts.status();
  SegmentSummary summary;
  summary.first = summary.end = first;
  summary.bytes = facts->bytes;
  summary.damaged_headers = facts->damaged_headers;
  if (!facts->header || facts->header->first != first) {
    summary.damaged_headers = kSegmentHeaderBytes / kSectorBytes;
    return summary;
  }
  summary.created_ms = summary.oldest_ms = summary.newest_ms = facts->header->created_ms;
  summary.key_id = key_id_of(facts->header->wrapped_key);
  summary.sealed = facts->footer.has_value();
  if (facts->footer) {
    summary.end = facts->footer->end;
    summary.blocks = facts->footer->blocks;
    summary.data_end = facts->footer->data_end;
    summary.oldest_ms = facts->footer->oldest_ms;
    summary.newest_ms = facts->footer->newest_ms;
  } else {
    std::unique_ptr<File> file;
    Scan scan;
    int error = place_.files.open(path(first), FileSystem::Open::read, file);
    if (error == 0) error = scan_blocks(*file, salt_of(facts->header->spool), first, facts->bytes, 0, scan);
    if (error != 0) return disk_error("cannot read", path(first), error);
    summary.end = end_told_by_others(*facts->header).value_or(scan.end);
    summary.blocks = scan.blocks;
    summary.data_end = scan.data_end;
    summary.newest_ms = std::max(summary.created_ms, scan.newest_ms);
    if (scan.blocks > 0) summary.oldest_ms = scan.oldest_ms;
  }
  summary.records = summary.end - summary.first;
  return summary;
}

/// Where a segment ended that was given up: what lies behind that in it was written again in the next one. Nothing: it is the newest.
std::optional<Sequence> FolderInspector::end_told_by_others(const SegmentHeader& header) const {
  const Result<StateSlot> slot = state();
  const bool has_hole = slot && slot->hole_first < slot->hole_end && header.first < slot->hole_first;
  const Result<std::vector<Sequence>> all = names();
  if (!all) return std::nullopt;
  const auto next = std::upper_bound(all->begin(), all->end(), header.first);
  if (has_hole && (next == all->end() || slot->hole_first <= *next)) return slot->hole_first;
  if (next == all->end()) return std::nullopt;
  const Result<SegmentFacts> facts = read_facts(place_.files, path(*next));
  if (!facts || !facts->header || facts->header->ordinal < header.ordinal) return std::nullopt;
  return header.first + (facts->header->ordinal - header.ordinal);
}

Result<Verdict> FolderInspector::verify(Sequence segment) const {
  const Result<SegmentSummary> summary = summarise(segment);
  if (!summary) return summary.status();
  const Result<SegmentFacts> facts = read_facts(place_.files, path(segment));
  if (!facts) return facts.status();
  Verdict verdict;
  verdict.damaged_headers = summary->damaged_headers;
  if (!facts->header) return verdict;
  std::unique_ptr<File> file;
  if (const int error = place_.files.open(path(segment), FileSystem::Open::read, file); error != 0)
    return disk_error("cannot open", path(segment), error);
  const Result<std::vector<Sequence>> all = names();
  const bool is_newest = all && !all->empty() && all->back() == segment;
  const std::uint64_t end = facts->footer || is_newest ? summary->data_end : facts->bytes;
  BlockWalk walk(*file, salt_of(facts->header->spool));
  Sequence expected = segment;
  for (std::uint64_t offset = kSegmentHeaderBytes; is_newest || facts->footer || expected < summary->end;) {
    std::optional<BlockWalk::Piece> piece;
    if (const int error = walk.at(offset, end, expected, true, piece); error != 0)
      return disk_error("cannot read", path(segment), error);
    if (!piece) break;
    offset += piece->size;
    const bool is_good = piece->header && is_whole(*piece->header, piece->bytes);
    if (piece->header && !verdict.damaged.empty() && verdict.damaged.back().records == 0)
      verdict.damaged.back().records = piece->header->first - verdict.damaged.back().first;
    if (!is_good)
      verdict.damaged.push_back({piece->offset, piece->size, expected, piece->header ? piece->header->count : 0});
    if (is_good) {
      ++verdict.blocks;
      verdict.records += piece->header->count;
    }
    if (piece->header) expected = piece->header->end();
  }
  if (!verdict.damaged.empty() && verdict.damaged.back().records == 0 && summary->end > expected)
    verdict.damaged.back().records = summary->end - expected;
  if (facts->footer && verdict.damaged.empty())
    verdict.damaged_footer = facts->footer->blocks != verdict.blocks || facts->footer->end != expected;
  if (!facts->footer && is_newest) verdict.torn_bytes = facts->bytes - end;
  return verdict;
}

Status FolderInspector::read(const Range& range, const std::function<bool(const SpooledRecord&)>& each) const {
  const Result<std::vector<Sequence>> all = names();
  if (!all) return all.status();
  bool goes_on = true;
  for (std::size_t i = 0; i < all->size() && goes_on && (*all)[i] < range.end; ++i) {
    if (i + 1 < all->size() && (*all)[i + 1] <= range.from) continue;
    const Result<SegmentSummary> segment = summarise((*all)[i]);
    if (!segment && segment.status().code() == WEIR_NOT_FOUND) continue;
    if (!segment) return segment.status();
    if (segment->records == 0 || segment->newest_ms < range.from_ms || segment->oldest_ms >= range.end_ms) continue;
    if (Status status = read_segment(*segment, range, each, goes_on); !status.ok()) return status;
  }
  return {};
}

Status FolderInspector::read_segment(const SegmentSummary& segment, const Range& range,
                                     const std::function<bool(const SpooledRecord&)>& each, bool& goes_on) const {
  const Result<SegmentFacts> facts = read_facts(place_.files, path(segment.first));
  std::unique_ptr<File> file;
  const int missing = facts ? place_.files.open(path(segment.first), FileSystem::Open::read, file) : ENOENT;
  if (missing == ENOENT || !facts->header) return {};  // went meanwhile
  if (missing != 0) return disk_error("cannot open", path(segment.first), missing);
  const Result<std::optional<crypto::DataKey>> key = key_of(facts->header->wrapped_key, place_);
  if (key.status().code() == WEIR_E_DATA) return {};
  if (!key) return key.status();
  BlockWalk walk(*file, salt_of(facts->header->spool));
  Sequence expected = segment.first;
  std::string raw;
  for (std::uint64_t offset = kSegmentHeaderBytes; goes_on;) {
    std::optional<BlockWalk::Piece> piece;
    if (const int error = walk.at(offset, segment.data_end, expected, true, piece); error != 0)
      return disk_error("cannot read", path(segment.first), error);
    if (!piece) return {};
    offset += piece->size;
    if (!piece->header) continue;
    if (piece->header->first >= segment.end) return {};
    expected = piece->header->end();
    if (expected <= range.from || piece->header->last_ms < range.from_ms || piece->header->last_ms >= range.end_ms)
      continue;
    if (unpack(*piece->header, walk.salt(), piece->bytes, *key ? &**key : nullptr, raw))
      goes_on = give_block(*piece->header, segment.first, raw, range, each);
  }
  return {};
}

bool FolderInspector::give_block(const BlockHeader& header, Sequence segment, std::string_view raw, const Range& range,
                                 const std::function<bool(const SpooledRecord&)>& each) const {
  StoredRecord record;
  for (Sequence sequence = header.first; sequence < header.end(); ++sequence) {
    if (sequence >= range.end) return false;
    const std::size_t size = encoded_size(raw);
    if (size == 0) return true;
    if (sequence >= range.from) {
      decode_stored(raw.substr(0, size), record);
      if (!each({sequence, segment, header.last_ms, &record})) return false;
    }
    raw.remove_prefix(size);
  }
  return true;
}

}  // namespace

Result<std::unique_ptr<Inspector>> Inspector::open(FileSystem& files, const std::string& folder,
                                                   const std::string& secrets) {
  std::vector<FolderEntry> entries;
  if (const int error = files.list(folder, entries); error != 0)
    return disk_error("cannot read the spool", folder, error);
  std::optional<crypto::KeyRing> ring;
  if (!secrets.empty()) {
    Result<crypto::KeyRing> given = crypto::KeyRing::from(secrets, kKeyPurpose);
    if (!given) return given.status();
    ring = *std::move(given);
  }
  return std::unique_ptr<Inspector>(std::make_unique<FolderInspector>(files, folder, std::move(ring)));
}

Status rebuild_state(FileSystem& files, const std::string& folder, Sequence delivered, std::int64_t now_ms) {
  const Place place{files, folder, Log(), std::nullopt};
  std::unique_ptr<FileLock> lock;
  const int locked = files.lock(folder + "/lock", lock);
  if (locked == EWOULDBLOCK) return Status::fatal("the spool '" + folder + "' is in use; stop its pipeline first");
  if (locked != 0) return disk_error("cannot lock the spool", folder, locked);
  const Result<StateSlot> state = StateFile::read(files, folder);
  if (state) return Status::fatal("the state of the spool '" + folder + "' is whole");
  std::vector<FolderEntry> entries;
  if (const int error = files.list(folder, entries); error != 0)
    return disk_error("cannot read the spool", folder, error);
  std::sort(entries.begin(), entries.end(), [](const FolderEntry& a, const FolderEntry& b) { return a.name < b.name; });
  std::optional<SegmentHeader> oldest;
  Sequence newest = 0;
  for (const FolderEntry& entry : entries) {
    if (!segment_of_name(entry.name)) continue;
    newest = *segment_of_name(entry.name);
    const Result<SegmentFacts> facts = read_facts(files, folder + "/" + entry.name);
    if (facts && facts->header && !oldest) oldest = facts->header;
  }
  if (!oldest)
    return Status::fatal("no segment of the spool '" + folder + "' has a whole header; there is nothing to go by");
  if (state.status().code() == WEIR_E_DATA) {
    if (const int error = Quarantine(place).move("state"); error != 0)
      return disk_error("cannot move the damaged state of", folder, error);
  }
  StateSlot slot;
  slot.spool = oldest->spool;
  slot.delivered = std::max(delivered, oldest->first - 1);
  slot.next =
      fresh_sequence(std::max(newest, slot.delivered + 1), now_ms);  // records may be lost, their numbers stay theirs
  StateFile file(files, folder);
  if (const int error = file.store(slot); error != 0)
    return disk_error("cannot write the state of the spool", folder, error);
  return {};
}

}  // namespace weir::host::spool
