#include "fakes.h"

#include <algorithm>
#include <charconv>
#include <thread>

namespace weir::host::fake {
namespace {

Status take_answer(std::deque<Status>& answers) {
  if (answers.empty()) return {};
  Status status = answers.front();
  answers.pop_front();
  return status;
}

class MemoryStore final : public CheckpointStore {
 public:
  explicit MemoryStore(Disk& disk) : disk_(disk) {}
  Result<Checkpoint> load() override {
    const std::lock_guard lock(disk_.mutex);
    if (!disk_.load_answer.ok()) return disk_.load_answer;
    return disk_.checkpoint;
  }
  Status store(const Checkpoint& checkpoint) override {
    const std::lock_guard lock(disk_.mutex);
    if (!disk_.answer.ok()) return disk_.answer;
    disk_.checkpoint = checkpoint;
    ++disk_.stores;
    return {};
  }
  Status clear() override {
    const std::lock_guard lock(disk_.mutex);
    disk_.checkpoint = {};
    return {};
  }

 private:
  Disk& disk_;
};

}  // namespace

std::vector<Event> numbered(std::size_t count, const std::string& partition) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < count; ++i) events.push_back({.value = std::to_string(i), .partition = partition});
  return events;
}

Source::Source(std::vector<Event> all, Positions& positions) : events(std::move(all)), positions_(positions) {}

Status Source::start() {
  ++starts;
  return take_answer(start_answers);
}

std::uint64_t Source::at_start(const std::string& partition) {
  const auto [found, is_new] = at_start_.try_emplace(partition, 0);
  const auto stored = is_new ? positions_.stored(partition) : std::nullopt;
  if (stored) std::from_chars(stored->data(), stored->data() + stored->size(), found->second);
  return found->second;
}

Status Source::poll(Slice& into, const PollLimits& limits) {
  longest_timeout = std::max(longest_timeout, limits.timeout);
  if (on_poll) on_poll();
  if (waits) std::this_thread::sleep_for(limits.timeout);
  if (with_positions) with_positions(positions_);
  if (Status status = take_answer(poll_answers); !status.ok()) return status;
  for (std::size_t given = 0; given < std::min<std::size_t>(per_poll, limits.max_records) && next < events.size();
       ++next) {
    const Event& event = events[next];
    const std::uint64_t number = ++given_[event.partition];
    if (number <= at_start(event.partition)) continue;
    const std::uint32_t partition =
        event.partition.empty() ? Origin::kNoPartition : positions_.partition(event.partition);
    const std::string offset = std::to_string(number);
    Origin* origin = into.origins()->open(partition, bytes_of(offset), event.token);
    if (origin == nullptr) break;
    if (next == breaks_at) {
      breaks_at = kNever;
      --given_[event.partition];
      return breaks_with;
    }
    Record* record = into.append(*origin);
    if (event.key) record->slots[WEIR_KEY].bytes = into.arena().copy(*event.key);
    if (!event.tombstone) record->slots[WEIR_VALUE].bytes = into.arena().copy(event.value);
    if (event.bad) record->fail(WEIR_E_DATA, "the source found it bad");
    ++given;
  }
  return next >= events.size() && ends ? Status(WEIR_END, "") : Status();
}

Status Sink::start() {
  ++starts;
  return take_answer(start_answers);
}

Status Sink::put(std::span<Record* const> records, std::size_t& taken) {
  for (Record* record : records) {
    if (held.size() >= capacity) break;
    ++taken;
    offered.push_back(value_of(*record));
    auto& names = headers.emplace_back();
    for (const Header& header : record->headers.all()) names.emplace_back(view(header.name), view(header.value));
    held.push_back(record);
    if (acks_at_once) ack(verdict ? verdict(*record) : WEIR_OK, kRefusal, held.size() - 1);
  }
  if (on_put) on_put(*this);
  return {};
}

Status Sink::service(Milliseconds) {
  if (on_service) on_service(*this);
  return {};
}

Status Sink::flush(Milliseconds) {
  if (on_service) on_service(*this);
  if (on_flush) return on_flush(*this);
  return held.empty() ? Status() : Status::retry("not yet");
}

void Sink::stop() noexcept {
  ++stops;
  ack_all(WEIR_E_RETRY);
}

void Sink::ack(weir_status status, const char* reason, std::size_t index) {
  Record* record = held.at(index);
  held.erase(held.begin() + static_cast<std::ptrdiff_t>(index));
  if (status == WEIR_OK) delivered.push_back(value_of(*record));
  record->slice->home().acks->ack(std::span(&record, 1), status, reason);
}

void Sink::ack_all(weir_status status) {
  while (!held.empty()) ack(status);
}

Status Transform::start() { return take_answer(start_answers); }

Status Predicate::test(std::span<Record* const> records, std::span<std::uint8_t> matches) {
  for (std::size_t i = 0; i < records.size(); ++i) matches[i] = matches_(*records[i]) ? 1 : 0;
  return {};
}

std::unique_ptr<CheckpointStore> make_memory_store(Disk& disk) { return std::make_unique<MemoryStore>(disk); }

Sink* place(std::unique_ptr<host::Sink>& where) {
  auto sink = std::make_unique<Sink>();
  Sink* const made = sink.get();
  where = std::move(sink);
  return made;
}

void set_value(Record& record, std::string_view value) {
  record.set_slot(WEIR_VALUE, record.slice->arena().copy(value));
}

std::string value_of(const Record& record) {
  return is_null(record.value()) ? "<null>" : std::string(view(record.value()));
}

}  // namespace weir::host::fake
