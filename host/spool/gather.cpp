#include "spool/gather.h"

#include <algorithm>

#include "spool/record_codec.h"

namespace weir::host::spool {
namespace {

constexpr std::size_t kReserved =
    kBlockBytes + kBlockBytes / 8;       // the record that no longer fits lies there for a moment
constexpr std::size_t kSpareBlocks = 2;  // beyond what the budget asks for
constexpr std::uint64_t kGroups = 4;     // that the budget has room for
constexpr std::chrono::milliseconds kGathering{1};
constexpr const char* kGivenBack = "the spool was stopped before it was durable";

}  // namespace

Gather::Gather(std::uint64_t memory, bool encrypts, std::function<std::int64_t()> now_ms)
    // A block may be here raw, compressed and sealed at once.
    : budget_(std::max<std::uint64_t>(memory / (encrypts ? 3 : 2), 1)),
      enough_(budget_ / kGroups),
      now_ms_(std::move(now_ms)) {}

Gather::~Gather() = default;

Status Gather::put(Owner& owner, std::span<Record* const> records, std::size_t& taken) {
  taken = 0;
  const std::int64_t now_ms = now_ms_();
  std::vector<Block*> ended;
  bool is_awaited = false;
  {
    const std::lock_guard lock(mutex_);
    if (!failure_.ok()) return failure_;
    const bool was_enough = bytes_ >= enough_;
    while (taken < records.size() && !door_closed_ && bytes_ < budget_) add(owner, *records[taken++], now_ms, ended);
    if (taken > 0 && owner.held == 0) ++holders_;
    owner.held += taken;
    is_awaited = is_idle_ || (!was_enough && bytes_ >= enough_);
  }
  for (Block* block : ended) {
    pack(*block);
    const std::lock_guard lock(mutex_);
    block->is_being_packed = false;
    is_awaited = is_awaited || is_idle_;
  }
  if (!ended.empty()) changed_.notify_all();
  if (taken > 0 && is_awaited) work_.notify_one();
  return {};
}

void Gather::add(Owner& owner, Record& record, std::int64_t now_ms, std::vector<Block*>& ended) {
  if (filling_ == nullptr) start_block(now_ms);
  const std::size_t before = filling_->raw.size();
  encode_record(record, filling_->raw);
  bytes_ += filling_->raw.size() - before;
  if (before > 0 && filling_->raw.size() > kBlockBytes) {
    std::string& raw = filling_->raw;
    const std::string record_bytes = raw.substr(before);
    raw.resize(before);
    ended.push_back(end_block());
    start_block(now_ms);
    filling_->raw = record_bytes;
  }
  filling_->waiting.push_back({&record, &owner, filling_->raw.size()});
  filling_->view.last_ms = std::max(filling_->view.last_ms, now_ms);
  if (filling_->raw.size() >= kBlockBytes) ended.push_back(end_block());
}

void Gather::start_block(std::int64_t now_ms) {
  if (spare_.empty()) {
    filling_ = std::make_unique<Block>();
    filling_->raw.reserve(kReserved);
  } else {
    filling_ = std::move(spare_.back());
    spare_.pop_back();
  }
  filling_->view.first_ms = filling_->view.last_ms = now_ms;
}

/// Whoever ended it packs it.
Gather::Block* Gather::end_block() {
  filling_->is_being_packed = true;
  queue_.push_back(std::move(filling_));
  return queue_.back().get();
}

/// Without the lock: nobody else touches a block that is being packed.
void Gather::pack(Block& block) {
  const auto [codec, payload] = host::spool::pack(block.raw, block.packed);
  block.view.codec = codec;
  block.view.payload = payload;
  block.view.raw = block.raw.size();
  block.view.count = static_cast<std::uint32_t>(block.waiting.size());
  block.is_packed = true;
}

std::size_t Gather::ready() const {
  const auto busy = [](const auto& block) { return block->is_being_packed; };
  return static_cast<std::size_t>(std::find_if(queue_.begin(), queue_.end(), busy) - queue_.begin());
}

std::span<const PackedBlock> Gather::take_group(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  const auto has_work = [this] {
    return woken_ || (failure_.ok() && (queue_.empty() ? filling_ != nullptr : !queue_.front()->is_being_packed));
  };
  is_idle_ = true;
  const bool is_there = work_.wait_until(lock, deadline, has_work);
  is_idle_ = false;
  if (std::exchange(woken_, false) || !is_there) return {};
  work_.wait_for(lock, kGathering, [this] { return woken_ || is_enough(); });
  if (queue_.empty() && filling_ == nullptr) return {};  // given back meanwhile
  if (queue_.empty()) end_block()->is_being_packed = false;
  group_ = ready();
  lock.unlock();  // the group is the committer's now: others only add behind it
  group_views_.clear();
  for (Block* block : group_blocks()) {
    if (!block->is_packed) pack(*block);
    group_views_.push_back(block->view);
  }
  return group_views_;
}

/// A sync costs the same for one record as for many, but nobody is kept waiting for records that may not come.
bool Gather::is_enough() const { return bytes_ >= enough_ || waiters_ >= holders_ || door_closed_ || !failure_.ok(); }

/// They do not move while the group is out, the queue that names them may.
const std::vector<Gather::Block*>& Gather::group_blocks() {
  const std::lock_guard lock(mutex_);
  group_blocks_.clear();
  for (std::size_t i = 0; i < group_; ++i) group_blocks_.push_back(queue_[i].get());
  return group_blocks_;
}

void Gather::group_is_durable() {
  for (const Block* block : group_blocks_) acknowledge(*block);
  {
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < group_; ++i) {
      for (const Waiting& each : queue_[i]->waiting) {
        if (--each.owner->held == 0) --holders_;
        ++each.owner->releases;
      }
      bytes_ -= queue_[i]->raw.size();
      recycle(std::move(queue_[i]));
    }
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(group_));
    group_ = 0;
  }
  changed_.notify_all();
}

void Gather::acknowledge(const Block& block) {
  acked_.clear();
  Acks* acks = nullptr;
  const auto send = [&] {
    if (!acked_.empty()) acks->ack(acked_, WEIR_OK, "");
    acked_.clear();
  };
  for (const Waiting& each : block.waiting) {
    Acks* const its = each.record->slice->home().acks;
    if (its != acks) send();
    acks = its;
    acked_.push_back(each.record);
  }
  send();
}

void Gather::recycle(std::unique_ptr<Block> block) {
  if (spare_.size() >= budget_ / kBlockBytes + kSpareBlocks || block->raw.capacity() > 2 * kBlockBytes) return;
  block->raw.clear();
  block->waiting.clear();
  block->is_packed = block->is_being_packed = false;
  spare_.push_back(std::move(block));
}

void Gather::keep_group() {
  {
    const std::lock_guard lock(mutex_);
    group_ = 0;
  }
  changed_.notify_all();
}

void Gather::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  work_.wait_for(lock, time, [this] { return woken_; });
}

void Gather::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  work_.notify_all();
}

void Gather::close_door(bool closed) {
  const std::lock_guard lock(mutex_);
  door_closed_ = closed;
}

void Gather::refuse(Status why) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(why);
    group_ = 0;
  }
  changed_.notify_all();
}

void Gather::reset() {
  const std::lock_guard lock(mutex_);
  failure_ = {};
  door_closed_ = woken_ = false;
}

template <typename Holds>
void Gather::wait_for(std::unique_lock<std::mutex>& lock, std::chrono::milliseconds timeout, Holds holds) {
  if (timeout.count() == 0 || holds()) return;
  ++waiters_;
  if (waiters_ >= holders_) work_.notify_one();
  changed_.wait_for(lock, timeout, holds);
  --waiters_;
}

Status Gather::wait(Owner& owner, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  const std::uint64_t before = owner.releases;
  wait_for(lock, timeout, [&] { return owner.held == 0 || owner.releases != before || !failure_.ok(); });
  return failure_;
}

Status Gather::flush(Owner& owner, std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  wait_for(lock, timeout, [&] { return owner.held == 0 || !failure_.ok(); });
  if (owner.held == 0) return {};
  return failure_.ok() ? Status::retry("") : failure_;
}

void Gather::give_back(Owner& owner) {
  std::vector<Record*> records;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return owner.held == 0 || (group_ == 0 && ready() == queue_.size()); });
    if (owner.held == 0) return;
    for (const auto& block : queue_) forget(owner, *block, records);
    if (filling_ != nullptr) forget(owner, *filling_, records);
    std::erase_if(queue_, [](const auto& block) { return block->waiting.empty(); });
    if (filling_ != nullptr && filling_->waiting.empty()) filling_.reset();
    owner.held = 0;
    --holders_;
  }
  for (Record* record : records) record->slice->home().acks->ack({&record, 1}, WEIR_E_RETRY, kGivenBack);
}

/// Takes the owner's records out of a block, which is packed anew when its turn comes.
void Gather::forget(Owner& owner, Block& block, std::vector<Record*>& records) {
  std::string raw;
  std::vector<Waiting> waiting;
  std::size_t start = 0;
  for (const Waiting& each : block.waiting) {
    if (each.owner == &owner) {
      records.push_back(each.record);
    } else {
      raw.append(block.raw, start, each.end - start);
      waiting.push_back({each.record, each.owner, raw.size()});
    }
    start = each.end;
  }
  if (waiting.size() == block.waiting.size()) return;
  bytes_ -= block.raw.size() - raw.size();
  block.raw = std::move(raw);
  block.waiting = std::move(waiting);
  block.is_packed = false;
}

}  // namespace weir::host::spool
