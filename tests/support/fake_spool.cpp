#include "fake_spool.h"

#include <algorithm>
#include <charconv>
#include <thread>

namespace weir::host::fake {
namespace {

constexpr Milliseconds kStep{1};

/// The state of one spool; shared with its ends.
struct Spool {
  explicit Spool(SpoolDisk& on) : disk(on) {}

  void open(Positions* positions) {
    const std::lock_guard lock(disk.mutex);
    disk.most_opened = std::max(disk.most_opened, ++disk.opened);
    if (opened) return;
    opened = ever_opened = true;
    figures = {};
    next = 0;
    if (positions == nullptr) return;
    if (const auto stored = positions->stored("spool"))
      std::from_chars(stored->data(), stored->data() + stored->size(), next);
    figures.start = disk.records.size() - next;
  }
  void close() {
    const std::lock_guard lock(disk.mutex);
    --disk.opened;
    close_if_left();
  }
  void release() {
    const std::lock_guard lock(disk.mutex);
    held = false;
    close_if_left();
  }
  /// The figures are seen until it is opened again.
  void close_if_left() {
    if (disk.opened == 0 && !held) opened = false;
  }

  SpoolDisk& disk;
  BacklogFigures figures;
  std::size_t next = 0;  // records of the disk that were given, or settled before
  Positions* positions = nullptr;
  bool opened = false;
  bool ever_opened = false;
  bool held = true;
  bool input_ended = false;
};

class SpoolSink final : public Sink {
 public:
  explicit SpoolSink(std::shared_ptr<Spool> spool) : spool_(std::move(spool)) {}

  Status start() override {
    if (!spool_->disk.sink_answer.ok()) return spool_->disk.sink_answer;
    spool_->open(spool_->positions);
    return {};
  }

  Status put(std::span<Record* const> records, std::size_t& taken) override {
    const std::lock_guard lock(spool_->disk.mutex);
    for (Record* record : records) {
      if (spool_->disk.records.size() >= spool_->disk.fails_at) return Status::fatal("the disk is gone");
      if (spool_->disk.records.size() - spool_->next >= spool_->disk.capacity) break;
      SpoolDisk::Kept kept{std::string(view(record->value())), std::nullopt};
      if (!is_null(record->key())) kept.key = std::string(view(record->key()));
      spool_->disk.records.push_back(std::move(kept));
      ++spool_->figures.spooled;
      ++taken;
      record->slice->home().acks->ack(std::span(&record, 1), WEIR_OK, "");
    }
    return {};
  }

  Status service(Milliseconds) override { return {}; }
  Status flush(Milliseconds) override { return {}; }
  void stop() noexcept override { spool_->close(); }

 private:
  std::shared_ptr<Spool> spool_;
};

class SpoolSource final : public Source {
 public:
  SpoolSource(std::shared_ptr<Spool> spool, Positions& positions) : spool_(std::move(spool)), positions_(positions) {
    spool_->positions = &positions;
  }

  Status start() override {
    spool_->open(&positions_);
    return {};
  }

  Status poll(Slice& into, const PollLimits& limits) override {
    const auto until = std::chrono::steady_clock::now() + limits.timeout;
    while (!has_more() && !ended() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(kStep);
    const std::lock_guard lock(spool_->disk.mutex);
    const auto& records = spool_->disk.records;
    for (std::uint32_t given = 0; given < limits.max_records && spool_->next < records.size(); ++given) {
      const SpoolDisk::Kept& kept = records[spool_->next];
      const std::string offset = std::to_string(spool_->next + 1);
      Origin* const origin = into.origins()->open(positions_.partition("spool"), bytes_of(offset), 0);
      if (origin == nullptr) return {};
      Record* const record = into.append(*origin);
      if (kept.key) record->slots[WEIR_KEY].bytes = into.arena().copy(*kept.key);
      record->slots[WEIR_VALUE].bytes = into.arena().copy(kept.value);
      ++spool_->next;
      ++spool_->figures.taken;
    }
    return spool_->input_ended && spool_->next == records.size() ? Status(WEIR_END, "") : Status();
  }

  void settled(std::span<const weir_settled>) noexcept override {}
  void wake() noexcept override {}
  void stop() noexcept override { spool_->close(); }

 private:
  bool has_more() const {
    const std::lock_guard lock(spool_->disk.mutex);
    return spool_->next < spool_->disk.records.size();
  }
  bool ended() const {
    const std::lock_guard lock(spool_->disk.mutex);
    return spool_->input_ended;
  }

  std::shared_ptr<Spool> spool_;
  Positions& positions_;
};

class MemoryBacklog final : public Backlog {
 public:
  explicit MemoryBacklog(SpoolDisk& disk) : spool_(std::make_shared<Spool>(disk)) {}

  std::unique_ptr<host::Sink> make_sink() override { return std::make_unique<SpoolSink>(spool_); }
  std::unique_ptr<host::Source> make_source(Positions& positions) override {
    return std::make_unique<SpoolSource>(spool_, positions);
  }
  void end_input() override {
    const std::lock_guard lock(spool_->disk.mutex);
    spool_->input_ended = true;
  }
  void close() override { spool_->release(); }
  BacklogFigures figures() const override {
    const std::lock_guard lock(spool_->disk.mutex);
    BacklogFigures figures = spool_->figures;
    figures.spooled += spool_->disk.miscount;
    if (spool_->ever_opened) figures.records = spool_->disk.records.size() - spool_->next;
    return figures;
  }

 private:
  std::shared_ptr<Spool> spool_;  // shared with its ends
};

}  // namespace

std::unique_ptr<Backlog> make_spool(SpoolDisk& disk) { return std::make_unique<MemoryBacklog>(disk); }

}  // namespace weir::host::fake
