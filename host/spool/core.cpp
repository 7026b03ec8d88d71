#include "spool/core.h"

#include <charconv>

#include "spool/fault.h"

namespace weir::host::spool {
namespace {

constexpr std::chrono::milliseconds kTendEvery{500};
constexpr std::chrono::milliseconds kWaitForRoom{50};
constexpr std::chrono::milliseconds kStoredWithin{500};

}  // namespace

Core::Core(const Options& options, FileSystem& files, std::function<std::int64_t()> now_ms, Log log)
    : options_(options),
      now_ms_(std::move(now_ms)),
      log_(std::move(log)),
      store_(options_, files, log_),
      gather_(options_.write_memory, !options_.secrets.empty(), now_ms_) {}

Core::~Core() {
  if (thread_.joinable()) close();
}

Status Core::enter() {
  const std::lock_guard lock(ends_mutex_);
  if (!open_) {
    if (Status status = open(); !status.ok()) return status;
    open_ = true;
  }
  ++ends_;
  return {};
}

void Core::leave() {
  const std::lock_guard lock(ends_mutex_);
  --ends_;
  close_if_left();
}

void Core::hold() {
  const std::lock_guard lock(ends_mutex_);
  held_ = true;
}

void Core::release() {
  const std::lock_guard lock(ends_mutex_);
  held_ = false;
  close_if_left();
}

void Core::close_if_left() {
  if (!open_ || held_ || ends_ > 0) return;
  close();
  open_ = false;
}

Status Core::open() {
  counts_ = false;
  const Result<std::optional<Sequence>> settled = checkpoint();
  if (!settled) return settled.status();
  if (Status status = store_.open(*settled, now_ms_()); !status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    sync_times_ = {};
  }
  gather_.reset();
  ending_ = full_ = false;
  next_tend_ = Clock::now();
  submitted_.reset();
  was_read_ = false;
  counts_ = true;
  thread_ = std::thread([this] { run(); });
  return {};
}

Status Core::begin_reading() {
  const std::lock_guard lock(ends_mutex_);
  if (!std::exchange(was_read_, true)) return {};
  const Result<std::optional<Sequence>> settled = checkpoint();
  return settled ? store_.read_again(*settled) : settled.status();
}

void Core::close() {
  ending_ = true;
  gather_.wake();
  thread_.join();
  store_.close();
}

void Core::set_positions(const Positions* positions) {
  const std::lock_guard lock(positions_mutex_);
  positions_ = positions;
}

/// The last record that the drain leg knows to have settled.
Result<std::optional<Sequence>> Core::checkpoint() const {
  std::optional<std::string> stored;
  {
    const std::lock_guard lock(positions_mutex_);
    if (positions_ != nullptr) stored = positions_->stored(kPartition);
  }
  if (!stored) return std::optional<Sequence>();
  Sequence settled = 0;
  const char* const end = stored->data() + stored->size();
  const auto [stop, error] = std::from_chars(stored->data(), end, settled);
  if (error != std::errc() || stop != end)
    return Status::fatal("the checkpoint of the spool '" + options_.folder +
                         "' holds no sequence number; begin anew with --fresh");
  return std::optional<Sequence>(settled);
}

void Core::run() {
  while (!ending_) {
    const std::span<const PackedBlock> group = gather_.take_group(next_tend_);
    if (!group.empty()) commit(group);
    if (Clock::now() >= next_tend_) tend();
  }
}

void Core::commit(std::span<const PackedBlock> group) {
  const auto begun = Clock::now();
  const Status status = store_.append(group, now_ms_());
  if (status.code() == WEIR_E_RETRY) return wait_for_room(status);
  if (!status.ok()) {
    log_.error("The spool cannot go on; nothing that it has not acknowledged is lost.", {{"reason", status.message()}});
    return gather_.refuse(status);
  }
  const auto took = Clock::now() - begun;
  if (full_.exchange(false)) {
    gather_.close_door(false);
    log_.info("There is room in the spool again.");
  }
  {
    const std::lock_guard lock(mutex_);
    sync_times_.add(took);
  }
  readable_.notify_all();
  gather_.group_is_durable();
  fault("group.acknowledged");
}

void Core::wait_for_room(const Status& why) {
  gather_.close_door(true);
  full_ = true;
  gather_.keep_group();
  log_.alarm("spool_full", "The spool accepts nothing until there is room.", {{"reason", why.message()}});
  gather_.pause(kWaitForRoom);
  next_tend_ = Clock::now();
}

void Core::tend() {
  next_tend_ = Clock::now() + kTendEvery;
  heed_checkpoint();
  store_.tend(now_ms_());
}

/// What was submitted a while ago is stored by now. What the spool forgets earlier could not be read again with the state that plugins
/// had at the checkpoint.
void Core::heed_checkpoint() {
  const auto now = Clock::now();
  if (submitted_ && now - submitted_at_ < kStoredWithin) return;
  if (submitted_) store_.settle(*submitted_);
  submitted_at_ = now;
  const auto latest = checkpoint();
  submitted_ = latest ? *latest : std::nullopt;
}

Status Core::read(Slice& into, std::uint32_t partition, const PollLimits& limits) {
  return store_.reader().read(into, partition, limits.max_records, limits.max_bytes, now_ms_());
}

void Core::wait_for_records(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  readable_.wait_until(lock, deadline,
                       [this] { return reader_woken_ || input_ended_ || store_.reader().standing().backlog > 0; });
  reader_woken_ = false;
}

void Core::wake_reader() {
  {
    const std::lock_guard lock(mutex_);
    reader_woken_ = true;
  }
  readable_.notify_all();
}

void Core::end_input() {
  {
    const std::lock_guard lock(mutex_);
    input_ended_ = true;
  }
  readable_.notify_all();
}

BacklogFigures Core::figures() const {
  if (!counts_) return {};
  BacklogFigures figures = store_.figures(now_ms_());
  figures.bytes_limit = options_.max_bytes;
  figures.full = full_;
  const std::lock_guard lock(mutex_);
  figures.syncs = sync_times_;
  return figures;
}

}  // namespace weir::host::spool
