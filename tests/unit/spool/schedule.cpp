#include "schedule.h"

#include <algorithm>

#include "spool/record_codec.h"

namespace weir::host::spool::test {
namespace {

constexpr std::int64_t kMaxAge = 100'000;  // ms
constexpr std::size_t kSteps = 40;
constexpr std::size_t kLargestRead = 20;  // records

/// Slices to read into, one after the other.
class ReadInto {
 public:
  Slice& fresh() {
    slice_.recycle();
    return slice_;
  }

 private:
  class NoAcks final : public Acks {
    void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
  };
  NoAcks acks_;
  MemoryMeter memory_{1u << 30};
  SliceHome home_{&memory_, &acks_, nullptr};
  Slice slice_{home_};
};

ReadInto& read_into() {
  static ReadInto into;
  return into;
}

}  // namespace

Schedule::Seen& Schedule::Seen::operator+=(const Seen& other) {
  acked += other.acked;
  read += other.read;
  expired += other.expired;
  crashes += other.crashes;
  kills += other.kills;
  refused += other.refused;
  retried += other.retried;
  reopened += other.reopened;
  limbo += other.limbo;
  twice += other.twice;
  poisoned_or_full += other.poisoned_or_full;
  return *this;
}

Schedule::Schedule(std::uint64_t seed) : seed_(seed), random_(seed), files_(random_()) {
  options_.folder = "/spool";
  options_.max_age = std::chrono::milliseconds(kMaxAge);
  options_.segment_bytes = 2048u << below(4);
  options_.max_bytes = chance(40) ? options_.segment_bytes * (3 + below(10)) + 4096 : std::uint64_t{1} << 40;
  if (chance(30)) options_.keep_delivered = std::chrono::milliseconds(below(kMaxAge));
  if (chance(15)) options_.secrets = "a secret for schedules";
}

std::string Schedule::value_of(std::uint64_t id) const {
  std::mt19937_64 random(seed_ ^ (id * 0x9e3779b97f4a7c15u));
  std::string value = std::to_string(id) + ":";
  value.resize(value.size() + random() % 300);
  const bool packs = random() % 2 == 0;
  for (std::size_t i = std::to_string(id).size() + 1; i < value.size(); ++i)
    value[i] = packs ? 'x' : static_cast<char>(random());
  return value;
}

void Schedule::fail(const std::string& what) {
  if (wrong_.empty()) wrong_ = "seed " + std::to_string(seed_) + ": " + what + " after" + story_;
}

std::string Schedule::run() {
  open();
  for (std::size_t i = 0; i < kSteps && wrong_.empty(); ++i) step();
  if (wrong_.empty()) finish();
  return wrong_;
}

void Schedule::step() {
  const std::uint64_t kind = below(100);
  if (kind < 40) {
    append();
  } else if (kind < 65) {
    read();
  } else if (kind < 75) {
    settle();
  } else if (kind < 82) {
    pass_time();
  } else if (kind < 88) {
    break_disk();
  } else if (kind < 92) {
    store_->tend(now_ms_);
  } else if (kind < 95) {
    go_down(true);
  } else if (kind < 98) {
    go_down(false);
  } else {
    close_and_open();
  }
  if (wrong_.empty()) check_books();
}

void Schedule::make_group() {
  const std::size_t count = 1 + below(6);
  for (std::size_t i = 0; i < count; ++i) {
    items_.push_back({now_ms_, false, false});
    group_.push_back(items_.size() - 1);
  }
}

void Schedule::append() {
  const bool is_retry = !group_.empty();
  if (is_retry && chance(20)) group_.clear();  // given back
  if (group_.empty()) make_group();
  std::vector<std::string> raw;
  std::vector<std::string> packed(group_.size());
  std::vector<PackedBlock> blocks;
  for (std::size_t i = 0; i < group_.size(); ++i) {
    if (i == 0 || chance(30)) raw.emplace_back();
    if (raw.size() > blocks.size()) blocks.push_back({Codec::none, {}, 0, 0, items_[group_[i]].ms, now_ms_});
    Record record;
    const std::string value = value_of(group_[i]);
    record.set_slot(WEIR_VALUE, bytes_of(value));
    encode_record(record, raw.back());
    ++blocks.back().count;
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    std::tie(blocks[i].codec, blocks[i].payload) = pack(raw[i], packed[i]);
    blocks[i].raw = raw[i].size();
  }
  const Status status = store_->append(blocks, now_ms_);
  tell("append:" + std::to_string(group_.front()) + "-" + std::to_string(group_.back()) + "=" +
       std::to_string(status.code()));
  if (status.code() == WEIR_OK) {
    for (const std::uint64_t id : group_) items_[id].acked = true;
    seen_.acked += group_.size();
    seen_.retried += is_retry ? 1 : 0;
    group_.clear();
  } else if (status.code() == WEIR_E_RETRY) {
    ++seen_.poisoned_or_full;
  } else {
    ++seen_.refused;
    go_down(chance(50));
  }
}

void Schedule::read() {
  Slice& slice = read_into().fresh();
  const Status status = store_->reader().read(slice, 0, 1 + below(kLargestRead), 1 + below(4000), now_ms_);
  tell("read=" + std::to_string(status.code()));
  if (status.code() == WEIR_E_RETRY) return;
  if (status.code() == WEIR_NOT_FOUND) return judge_skipped(last_ + 1, items_.size());
  if (status.code() != WEIR_OK) return fail("read said " + status.message());
  for (const Record* record : slice.records()) {
    judge(std::stoull(std::string(slice.origins()->offset_of(*record->origin))), std::string(view(record->value())));
  }
}

void Schedule::judge(Sequence sequence, const std::string& value) {
  const std::uint64_t id = std::strtoull(value.c_str(), nullptr, 10);
  if (id == 0 || id >= items_.size() || value != value_of(id)) return fail("a value that was never given");
  if (id <= last_) return fail("record " + std::to_string(id) + " after " + std::to_string(last_));
  if (sequence <= last_sequence_)
    return fail("sequence " + std::to_string(sequence) + " after " + std::to_string(last_sequence_));
  tell(std::to_string(id));
  judge_skipped(last_ + 1, id);
  seen_.limbo += items_[id].acked ? 0 : 1;
  seen_.twice += items_[id].read ? 1 : 0;
  items_[id].read = true;
  ++seen_.read;
  last_ = id;
  last_sequence_ = sequence;
  given_.push_back({sequence, id});
}

/// Records that were not read and will not be: they were never acknowledged, have settled, or are too old.
void Schedule::judge_skipped(std::uint64_t from, std::uint64_t end) {
  for (std::uint64_t id = from; id < end; ++id) {
    if (!items_[id].acked || id <= settled_) continue;
    if (now_ms_ - items_[id].ms <= kMaxAge) return fail("record " + std::to_string(id) + " is lost");
    ++seen_.expired;
  }
}

void Schedule::settle() {
  if (given_.empty()) return;
  const std::size_t count = 1 + below(given_.size());
  const Given last = given_[count - 1];
  tell("settle:" + std::to_string(last.id));
  store_->settle(last.sequence);
  settled_ = std::max(settled_, last.id);
  older_checkpoint_ = checkpoint_;
  checkpoint_ = last.sequence;
  given_.erase(given_.begin(), given_.begin() + static_cast<std::ptrdiff_t>(count));
}

void Schedule::pass_time() {
  now_ms_ += static_cast<std::int64_t>(chance(10) ? below(2 * kMaxAge) : chance(30) ? below(kMaxAge / 5) : below(1000));
  tell("time:" + std::to_string(now_ms_ % 100'000'000));
  store_->tend(now_ms_);
}

void Schedule::break_disk() {
  const std::uint64_t kind = below(5);
  tell("break:" + std::to_string(kind));
  if (kind == 0) {
    files_.die_after(static_cast<int>(below(12)));
  } else if (kind == 1) {
    files_.set_capacity(20'000 + below(60'000));
  } else if (kind == 2) {
    files_.set_faults({200, 100, 200, 100, 100, 100, 50});
  } else {
    files_.set_faults({});
    files_.set_capacity(~std::uint64_t{0});
  }
}

/// The process ends where it stands, with the power or without.
void Schedule::go_down(bool power) {
  tell(power ? "crash" : "kill");
  power ? files_.crash() : files_.kill();
  ++(power ? seen_.crashes : seen_.kills);
  store_.reset();
  open();
}

void Schedule::close_and_open() {
  tell("close");
  store_->close();
  store_.reset();
  files_.kill();
  open();
}

void Schedule::open() {
  if (!try_open()) {
    files_.set_faults({});
    files_.set_capacity(~std::uint64_t{0});
    files_.crash();
    if (!try_open()) fail("a sound disk, and it does not open");
  }
  group_.clear();
  given_.clear();
  last_sequence_ = 0;
  ++seen_.reopened;
}

bool Schedule::try_open() {
  if (chance(20)) checkpoint_ = older_checkpoint_;  // the newest was not stored in time
  if (chance(5)) checkpoint_ = older_checkpoint_ = std::nullopt;
  store_ = std::make_unique<Store>(options_, files_, Log());
  const Status status = store_->open(checkpoint_, now_ms_);
  tell("open:" + std::to_string(checkpoint_.value_or(0) % 1'000'000) + "=" + std::to_string(status.code()) +
       status.message());
  last_ = 0;
  // Without the checkpoint that belongs to it, what has settled may come again.
  return status.ok();
}

void Schedule::check_books() {
  const BacklogFigures figures = store_->figures(now_ms_);
  const std::uint64_t in = figures.start + figures.spooled;
  const std::uint64_t out = figures.taken + figures.expired + figures.damaged + figures.records;
  if (in != out) fail("the books: " + std::to_string(in) + " in, " + std::to_string(out) + " out");
  if (figures.damaged != 0) fail("damage where there is none");
  // A group that a disk refused lies there twice.
  if (figures.bytes > options_.max_bytes + 4096) fail("more than max_bytes");
}

/// Everything works again: what is owed comes, and afterwards nothing is kept.
void Schedule::finish() {
  files_.set_faults({});
  files_.set_capacity(~std::uint64_t{0});
  files_.die_after(-1);
  close_and_open();
  for (int i = 0; i < 10'000 && wrong_.empty(); ++i) {
    const std::uint64_t before = last_;
    read();
    if (last_ == before && store_->figures(now_ms_).records == 0) break;
  }
  read();
  if (wrong_.empty() && store_->figures(now_ms_).records != 0) fail("a backlog that is not given");
  while (!given_.empty()) settle();
  now_ms_ += 2 * kMaxAge;
  close_and_open();
  read();
  store_->tend(now_ms_);
  check_books();
  if (wrong_.empty() && store_->figures(now_ms_).segments != 0) fail("segments that nobody needs");
}

}  // namespace weir::host::spool::test
