#include "spool/store.h"

#include <algorithm>
#include <cerrno>

#include "crypto/secret_bytes.h"
#include "spool/fault.h"

namespace weir::host::spool {
namespace {

constexpr const char* kOwnerFile = "/owner";
constexpr std::size_t kLongestOwner = 4096;  // bytes that are looked at

}  // namespace
namespace {

constexpr std::int64_t kSegmentsAnAge = 30;
constexpr std::int64_t kLongestSegment = 24 * 60 * 60 * 1000;  // ms
constexpr std::uint64_t kLeastSegment = 64 * 1024;

Journal::Limits journal_limits(const Options& options) {
  return {std::clamp(options.max_bytes / 8, std::min(kLeastSegment, options.segment_bytes), options.segment_bytes),
          std::clamp<std::int64_t>(options.max_age.count() / kSegmentsAnAge, 1, kLongestSegment)};
}

}  // namespace

Store::Store(const Options& options, FileSystem& files, const Log& log)
    : options_(options),
      place_{files, options.folder, log, std::nullopt},
      segments_(files, options.folder),
      state_(files, options.folder),
      journal_(place_, segments_, state_, journal_limits(options)),
      reader_(place_, segments_, progress_, counters_, options_),
      keeper_(place_, segments_, state_, progress_, {options.max_bytes, options.keep_delivered.count()}) {}

Status Store::open(std::optional<Sequence> checkpoint, std::int64_t now_ms) {
  if (!options_.secrets.empty()) {
    Result<crypto::KeyRing> ring = crypto::KeyRing::from(options_.secrets, kKeyPurpose);
    if (!ring) return ring.status();
    place_.ring = *std::move(ring);
  }
  if (const int error = place_.files.make_folder(place_.folder); error != 0)
    return disk_error("cannot make the folder of the spool", place_.folder, error);
  const int error = place_.files.lock(place_.folder + "/lock", lock_);
  if (error == EWOULDBLOCK)
    return Status::fatal("the spool '" + place_.folder +
                         "' is in use by another process or pipeline; give each its own path");
  if (error != 0) return disk_error("cannot lock the spool", place_.folder, error);
  fault("open.locked");
  Status status = check_owner();
  if (status.ok()) {
    const Result<Folder> folder = look_at(place_);
    status = folder ? use(*folder, checkpoint, now_ms) : folder.status();
  }
  if (!status.ok()) lock_.reset();
  return status;
}

Status Store::use(const Folder& folder, std::optional<Sequence> checkpoint, std::int64_t now_ms) {
  segments_.clear();
  for (const FolderEntry& entry : folder.segments) {
    Segment segment;
    segment.first = *segment_of_name(entry.name);
    segment.bytes = entry.size;
    segments_.set(segment);
  }
  if (folder.state) state_.begin(*folder.state);
  const Sequence settled = std::max(checkpoint.value_or(0), state_.latest().delivered);
  if (Status status = check_secrets(settled + 1); !status.ok()) return status;
  if (!is_claimed_) claim();
  if (!folder.state) {
    if (Status status = begin_anew(settled + 1, now_ms); !status.ok()) return status;
  }
  const std::vector<Sequence> expired = forget_hole();
  Recovery recovery(place_, segments_, state_);
  if (Status status = recovery.run(settled + 1, now_ms); !status.ok()) return status;
  if (state_.is_durable()) {
    for (const Sequence first : expired) static_cast<void>(place_.files.remove(segments_.path(first)));
  }
  journal_.begin(state_.latest().spool);
  if (Status status = write_anew(recovery, now_ms); !status.ok()) return status;
  if (Status status = reader_.begin(std::max(settled, state_.latest().delivered) + 1, state_.latest()); !status.ok())
    return status;
  look_at_room();
  counters_.reset();
  spooled_ = 0;
  backlog_start_ = reader_.standing().backlog;
  return {};
}

/// What waits is meant for the transforms and the sink of the pipeline that spooled it.
Status Store::check_owner() {
  is_claimed_ = options_.owner.empty();
  if (is_claimed_) return {};
  std::unique_ptr<File> file;
  const int error = place_.files.open(place_.folder + kOwnerFile, FileSystem::Open::read, file);
  if (error == ENOENT) return {};
  std::string name(kLongestOwner, '\0');
  std::size_t size = 0;
  const int unread = error != 0 ? error : file->read(0, name, size);
  if (unread != 0) return disk_error("cannot read whose the spool is:", place_.folder + kOwnerFile, unread);
  name.resize(std::min(size, name.find('\n')));
  if (name.empty()) return {};  // the power failed before it was written
  is_claimed_ = name == options_.owner;
  if (is_claimed_) return {};
  return Status::config("the spool '" + place_.folder + "' is that of the pipeline '" + name +
                        "', and what waits there would go through the transforms of '" + options_.owner +
                        "'; give each its own path. If '" + name + "' was renamed, write the new name into " +
                        place_.folder + kOwnerFile);
}

/// Without it the spool is as good, only nobody is refused.
void Store::claim() {
  const std::string path = place_.folder + kOwnerFile;
  const std::string line = options_.owner + "\n";
  const std::string_view parts[] = {line};
  std::uint64_t written = 0;
  static_cast<void>(place_.files.remove(path));  // an empty one
  std::unique_ptr<File> file;
  int error = place_.files.open(path, FileSystem::Open::create, file);
  if (error == 0) error = file->write(0, parts, written);
  if (error == 0) error = file->sync();
  if (error == 0) error = place_.files.sync_folder(place_.folder);
  is_claimed_ = error == 0;
  if (error != 0)
    place_.log.warn("The spool does not know whose it is.",
                    {{"reason", disk_error("cannot write", path, error).message()}});
}

Status Store::write_anew(const Recovery& recovery, std::int64_t now_ms) {
  if (recovery.salvaged().empty()) return {};
  std::vector<PackedBlock> blocks;
  for (const Recovery::Salvaged& each : recovery.salvaged()) {
    blocks.push_back(each.block);
    blocks.back().payload = each.raw;
  }
  return journal_.append(blocks, now_ms);
}

/// A folder without a state: numbers begin where no record of an earlier spool at this place can have had one.
Status Store::begin_anew(Sequence least, std::int64_t now_ms) {
  StateSlot slot;
  crypto::fill_with_random(slot.spool);
  slot.next = fresh_sequence(least, now_ms);
  slot.delivered = slot.durable = slot.next - 1;
  if (const int error = state_.store(slot); error != 0)
    return disk_error("cannot write the state of the spool", place_.folder, error);
  return {};
}

/// That the secrets open what is read first and what was written last.
Status Store::check_secrets(Sequence resume) {
  const std::vector<Segment> all = segments_.all();
  if (all.empty()) return {};
  const auto behind = std::upper_bound(all.begin(), all.end(), resume, [](Sequence sequence, const Segment& segment) {
    return sequence < segment.first;
  });
  const Segment& first_read = behind == all.begin() ? all.front() : *std::prev(behind);
  for (const Sequence first : {first_read.first, all.back().first}) {
    const Result<SegmentFacts> facts = read_facts(place_.files, segments_.path(first));
    if (!facts || !facts->header) continue;
    const auto key = key_of(facts->header->wrapped_key, place_);
    if (key.status().code() == WEIR_E_CONFIG) return key.status();
  }
  return {};
}

/// Of segments that expired the removal may not have been finished.
std::vector<Sequence> Store::forget_hole() {
  const StateSlot& slot = state_.latest();
  segments_.set_hole(slot.hole_first < slot.hole_end ? slot.hole_first : 0);
  std::vector<Sequence> gone;
  for (const Segment& segment : segments_.all()) {
    if (segment.first >= slot.hole_first && segment.first < slot.hole_end) gone.push_back(segment.first);
  }
  for (const Sequence first : gone) segments_.remove(first);
  return gone;
}

Status Store::read_again(std::optional<Sequence> checkpoint) {
  const Reader::Standing before = reader_.standing();
  const Sequence settled = std::max(checkpoint.value_or(0), progress_.delivered());
  if (Status status = reader_.begin(settled + 1, state_.latest()); !status.ok()) return status;
  const Reader::Standing after = reader_.standing();
  if (after.passed < before.passed) counters_.take_back(before.passed - after.passed);
  return {};
}

void Store::close() {
  if (lock_ == nullptr) return;
  reader_.end();
  journal_.seal();
  lock_.reset();
}

Status Store::append(std::span<const PackedBlock> blocks, std::int64_t now_ms) {
  const std::uint64_t bytes = SegmentWriter::size_of(blocks) + kSegmentHeaderBytes + 2 * kFooterBytes;
  if (!keeper_.has_room(bytes)) tend(now_ms, bytes);
  warn_if_filling(bytes);
  const bool never_fits = segments_.bytes() == 0;  // and holds up nothing but itself
  if (!keeper_.has_room(bytes) && !never_fits) return Status::retry("the spool holds max_bytes");
  const Sequence before = segments_.end();
  Status status = journal_.append(blocks, now_ms);
  if (!status.ok()) return status;
  spooled_ += segments_.end() - before;
  reader_.appended(before, blocks.front().first_ms);
  return status;
}

void Store::look_at_room() {
  std::uint64_t room = 0;
  capacity_ = options_.max_bytes;
  if (place_.files.free_space(place_.folder, room) != 0) return;
  const std::uint64_t used = segments_.bytes();
  capacity_ = std::min(capacity_, room > capacity_ ? capacity_ : used + room);
}

void Store::warn_if_filling(std::uint64_t bytes) {
  const std::uint64_t used = segments_.bytes() + bytes;
  if (used <= capacity_ / 5 * 4) return;
  place_.log.alarm("spool_filling",
                   "The spool holds more than 80 % of what it can; when it is full, nothing more is accepted.",
                   {{"bytes", used}, {"most", capacity_}});
}

void Store::tend(std::int64_t now_ms, std::uint64_t bytes) {
  look_at_room();
  reader_.expire(now_ms);
  const bool is_spent = bytes > 0 && !keeper_.has_room(bytes) && progress_.delivered() + 1 >= segments_.end();
  if (journal_.is_due(now_ms) || (is_spent && journal_.writing())) journal_.seal();
  keeper_.tend(now_ms, bytes);
}

BacklogFigures Store::figures(std::int64_t now_ms) const {
  BacklogFigures figures;
  figures.start = backlog_start_;
  figures.spooled = spooled_;
  figures.taken = counters_.taken;
  figures.expired = counters_.expired;
  figures.damaged = counters_.damaged;
  figures.damaged_blocks = counters_.damaged_blocks;
  figures.bytes = segments_.bytes();
  figures.segments = segments_.size();
  const Reader::Standing standing = reader_.standing();
  figures.records = standing.backlog;
  if (standing.backlog > 0)
    figures.oldest_age = std::chrono::milliseconds(std::max<std::int64_t>(0, now_ms - standing.oldest_ms));
  return figures;
}

}  // namespace weir::host::spool
