#include "rig.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace weir::host::spool::test {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "weir-spool-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() { std::filesystem::remove_all(path_); }

void CountingAcks::ack(std::span<Record* const> records, weir_status status, const char*) noexcept {
  {
    const std::lock_guard lock(mutex_);
    (status == WEIR_OK ? ok_ : given_back_) += records.size();
  }
  changed_.notify_all();
}

bool CountingAcks::wait_for(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return ok_ >= count; });
}

std::size_t CountingAcks::ok() const {
  const std::lock_guard lock(mutex_);
  return ok_;
}

std::size_t CountingAcks::given_back() const {
  const std::lock_guard lock(mutex_);
  return given_back_;
}

Record* Records::make(std::string_view value, std::optional<std::string_view> key) {
  if (slices_.empty() || slices_.back().records().size() >= Slice::kRecords) slices_.emplace_back(home_);
  Slice& slice = slices_.back();
  if (slice.origins()->origins().empty()) static_cast<void>(slice.origins()->open(0, {"", 0}, 0));
  Record* record = slice.append(slice.origins()->origins().front());
  record->set_slot(WEIR_VALUE, slice.arena().copy(value));
  if (key) record->set_slot(WEIR_KEY, slice.arena().copy(*key));
  return record;
}

std::uint32_t MemoryPositions::partition(std::string_view name) {
  REQUIRE(name == kPartition);
  return 0;
}

std::optional<std::string> MemoryPositions::stored(std::string_view) const {
  const std::lock_guard lock(mutex_);
  return offset_;
}

void MemoryPositions::store(const std::string& offset) {
  const std::lock_guard lock(mutex_);
  offset_ = offset;
}

std::vector<Taken> drain(Source& source, Milliseconds patience) {
  std::vector<Taken> all;
  CountingAcks acks;
  MemoryMeter memory{1u << 30};
  const SliceHome home{&memory, &acks, nullptr};
  while (true) {
    Slice slice(home);
    PollLimits limits;
    limits.timeout = patience;
    const Status status = source.poll(slice, limits);
    REQUIRE(status.ok());
    for (const Record* record : slice.records()) {
      all.push_back({std::string(view(record->value())), std::string(slice.origins()->offset_of(*record->origin))});
    }
    if (slice.records().empty()) return all;
  }
}

void put_all(Sink& sink, std::span<Record* const> records) {
  while (!records.empty()) {
    std::size_t taken = 0;
    const Status status = sink.put(records, taken);
    REQUIRE((status.ok() || status.code() == WEIR_E_RETRY));
    records = records.subspan(taken);
    if (taken == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::int64_t wall_clock_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace weir::host::spool::test
