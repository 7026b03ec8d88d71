#include "cli/chaos/parts.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "cli/chaos/mark.h"

namespace weir::host::cli::chaos {
namespace {

using Clock = std::chrono::steady_clock;

/// Bytes that are put and were not read back: the throw-away broker keeps 5 MiB a partition.
constexpr std::uint64_t kMostUnread = 2 << 20;
/// What is not read back by then was not delivered: it failed, or its worker was killed.
constexpr std::chrono::seconds kGivenUp{3};
/// What a message takes beside its value, so that null ones count too.
constexpr std::uint64_t kMessageBytes = 64;

/// Knows the partitions' names.
class NamedPositions final : public Positions {
 public:
  explicit NamedPositions(Positions& inner) : inner_(inner) {}

  std::uint32_t partition(std::string_view name) override {
    const std::uint32_t id = inner_.partition(name);
    names_.emplace(id, name);
    return id;
  }
  std::optional<std::string> stored(std::string_view partition) const override { return inner_.stored(partition); }
  Status revoke(std::string_view partition, Milliseconds timeout) override { return inner_.revoke(partition, timeout); }

  [[nodiscard]] std::string_view name(std::uint32_t id) const {
    const auto found = names_.find(id);
    return found == names_.end() ? std::string_view() : found->second;
  }

 private:
  Positions& inner_;
  std::map<std::uint32_t, std::string> names_;
};

/// How many records may be given now. [any]
class Pace {
 public:
  explicit Pace(const SharedPage& page) : page_(page) {}

  /// At least one, once its time has come; 0: not yet. What is not given soon is not made up for later.
  [[nodiscard]] std::uint32_t allowed(std::uint32_t wanted) {
    if (page_.hold) return 0;
    if (page_.rate <= 0) return wanted;
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    const double seconds = std::min(std::chrono::duration<double>(now - then_).count(), kLongestGap);
    then_ = now;
    due_ = std::min(due_ + seconds * page_.rate, std::max(1.0, kLongestGap * page_.rate));
    return due_ < 1 ? 0 : std::min(wanted, static_cast<std::uint32_t>(due_));
  }
  void note(std::size_t count) {
    const std::lock_guard lock(mutex_);
    due_ -= static_cast<double>(count);
  }

 private:
  static constexpr double kLongestGap = 0.1;  // seconds

  const SharedPage& page_;
  std::mutex mutex_;  // guards what is below
  Clock::time_point then_ = Clock::now();
  double due_ = 0;
};

class MarkedSource final : public Source {
 public:
  MarkedSource(std::unique_ptr<NamedPositions> positions, std::unique_ptr<Source> inner, std::shared_ptr<Pace> pace)
      : positions_(std::move(positions)), inner_(std::move(inner)), pace_(std::move(pace)) {}

  Status start() override { return inner_->start(); }
  Status poll(Slice& into, const PollLimits& limits) override {
    PollLimits slowed = limits;
    slowed.max_records = pace_->allowed(limits.max_records);
    if (slowed.max_records == 0) return {};
    Status status = inner_->poll(into, slowed);
    mark(into);
    return status;
  }
  void settled(std::span<const weir_settled> origins) noexcept override { inner_->settled(origins); }
  void wake() noexcept override { inner_->wake(); }
  void stop() noexcept override { inner_->stop(); }

 private:
  void mark(Slice& slice) {
    const auto records = slice.records();
    for (Record* record : records) {
      const Origin& origin = *record->origin;
      const std::string position =
          mark_text(positions_->name(origin.partition), std::as_const(*origin.block).offset_of(origin));
      number_ = position == position_ ? number_ + 1 : 0;
      position_ = position;
      record->remove_header(kMarkHeader);
      record->add_header(kMarkHeader, bytes_of(numbered_mark(position, number_)));
    }
    pace_->note(records.size());
  }

  std::unique_ptr<NamedPositions> positions_;  // before the source, which uses them as long as it lives
  std::unique_ptr<Source> inner_;
  std::shared_ptr<Pace> pace_;  // shared by the tasks
  std::string position_;        // of the newest record, as its mark has it
  std::size_t number_ = 0;      // of that record among those of its position, which may come in several polls
};

/// A sink, passed on.
class PassingSink : public Sink {
 public:
  explicit PassingSink(std::unique_ptr<Sink> inner) : inner_(std::move(inner)) {}

  Status start() override { return inner_->start(); }
  Status put(std::span<Record* const> records, std::size_t& taken) override { return inner_->put(records, taken); }
  Status service(Milliseconds timeout) override { return inner_->service(timeout); }
  Status flush(Milliseconds timeout) override { return inner_->flush(timeout); }
  void stop() noexcept override { inner_->stop(); }

 private:
  std::unique_ptr<Sink> inner_;
};

/// Puts no more than is read back.
class MeteredSink final : public PassingSink {
 public:
  MeteredSink(std::unique_ptr<Sink> inner, SharedPage& page) : PassingSink(std::move(inner)), page_(page) {}

  Status put(std::span<Record* const> records, std::size_t& taken) override {
    taken = 0;
    const std::size_t room = fitting(records);
    if (room == 0) return {};
    Status status = PassingSink::put(records.first(room), taken);
    // Now that their edits are in their bytes. They live until the task has heard of their acknowledgements.
    for (const Record* record : records.first(std::min(taken, room))) page_.put += size_of(*record);
    return status;
  }

 private:
  static std::uint64_t size_of(const Record& record) { return record.value().len + kMessageBytes; }

  std::size_t fitting(std::span<Record* const> records) {
    std::uint64_t unread = unread_now();
    std::size_t count = 0;
    while (count < records.size() && unread < kMostUnread) unread += size_of(*records[count++]);
    return count;
  }

  std::uint64_t unread_now() {
    const std::uint64_t read = page_.read.load();
    const std::uint64_t put = page_.put.load();
    if (put <= read) return 0;
    if (read != read_) {
      read_ = read;
      since_ = Clock::now();
    }
    if (put - read < kMostUnread || Clock::now() - since_ < kGivenUp) return put - read;
    page_.put = read;
    return 0;
  }

  SharedPage& page_;
  std::uint64_t read_ = 0;
  Clock::time_point since_ = Clock::now();  // read_ has not grown
};

/// Gives dead letters the mark that their record had when its source gave it.
class MarkedLetters final : public PassingSink {
 public:
  using PassingSink::PassingSink;

  Status put(std::span<Record* const> records, std::size_t& taken) override {
    for (Record* record : records) {
      if (find_mark(record->headers) != nullptr) continue;  // it is offered again
      if (const Header* mark = find_mark(record->original_headers)) record->add_header(kMarkHeader, mark->value);
    }
    return PassingSink::put(records, taken);
  }

 private:
  static const Header* find_mark(const Headers& headers) {
    for (const Header& header : headers.all()) {
      if (view(header.name) == kMarkHeader) return &header;
    }
    return nullptr;
  }
};

void change_sinks(TaskParts& parts, SharedPage& page, const SinkKinds& kinds) {
  if (parts.sink) parts.sink = std::make_unique<MeteredSink>(std::move(parts.sink), page);
  if (parts.dead_letter && kinds.dead_letters_are_messages)
    parts.dead_letter = std::make_unique<MeteredSink>(std::move(parts.dead_letter), page);
  if (parts.dead_letter) parts.dead_letter = std::make_unique<MarkedLetters>(std::move(parts.dead_letter));
}

}  // namespace

BuildTask with_marks(BuildTask build, SharedPage& page, const SinkKinds& kinds) {
  const auto pace = std::make_shared<Pace>(page);
  return [build = std::move(build), &page, kinds, pace](const TaskSeat& seat) -> Result<TaskParts> {
    const bool reads_spool = seat.leg == LegKind::drain;  // its records have their marks
    auto positions = std::make_unique<NamedPositions>(*seat.positions);
    TaskSeat named = seat;
    if (!reads_spool) named.positions = positions.get();
    auto parts = build(named);
    if (!parts) return parts;
    if (!reads_spool)
      parts->source = std::make_unique<MarkedSource>(std::move(positions), std::move(parts->source), pace);
    change_sinks(*parts, page, kinds);
    return parts;
  };
}

}  // namespace weir::host::cli::chaos
