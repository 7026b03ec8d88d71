#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>

#include "pipeline/window.h"

using namespace weir::host;

namespace {

/// A window under a random schedule beside a plain model of it: a list of all origins ever, each with the records that hang on it.
/// Again and again the window must agree with the model; a disagreement throws with the seed.
class Model {
 public:
  explicit Model(std::uint64_t seed)
      : seed_(seed),
        random_(seed),
        memory_(pick(2) ? 1u << 20 : 8u << 20),
        home_{&memory_, nullptr, nullptr},
        window_(home_, positions_, true) {}

  void run() {
    const std::size_t steps = 20 + pick(60);
    for (std::size_t step = 0; step < steps; ++step) {
      switch (pick(8)) {
        case 0:
        case 1:
          poll();
          break;
        case 2:
        case 3:
          put();
          break;
        case 4:
        case 5:
          acknowledge();
          break;
        case 6:
          pick(4) == 0 ? rewind() : acknowledge();
          break;
        default:
          emit_held();
          break;
      }
      if (pick(3) == 0) window_.reclaim(true);
      if (pick(4) == 0) check();
    }
    finish();
  }

 private:
  struct Known {
    std::uint32_t partition;
    std::uint64_t offset;
    std::size_t hanging = 0;  // records, clones, what they were merged into
  };

  std::size_t pick(std::size_t below) { return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_); }

  void require(bool holds, const char* what) const {
    if (!holds) FAIL("seed " << seed_ << ": " << what);
  }

  void poll() {
    if (!window_.has_room()) return;
    auto slice = window_.take_slice();
    const std::size_t count = pick(6);
    std::vector<std::pair<Record*, std::vector<std::size_t>>> made;
    for (std::size_t i = 0; i < count; ++i) {
      const auto partition = static_cast<std::uint32_t>(pick(3));
      Known known{partition, ++offsets_[partition]};
      Origin* origin = slice->origins()->open(partition, bytes_of(std::to_string(known.offset)), 0);
      for (std::size_t records = pick(10) == 0 ? pick(3) : 1; records > 0; --records) {
        Record* record = slice->append(*origin);
        made.emplace_back(record, std::vector{origins_.size()});
        ++known.hanging;
        ++read_;
        if (pick(5) == 0) {
          made.emplace_back(slice->clone(*record), std::vector{origins_.size()});
          ++known.hanging;
          ++cloned_;
        }
      }
      origins_.push_back(known);
    }
    slice->seal();
    slice->origins()->close();
    Slice& admitted = window_.admit(std::move(slice), WindowEntry::Clock::now());
    for (auto& [record, origins] : made) hangs_on_[record] = std::move(origins);
    for (const auto& [record, unused] : made) {
      if (pick(6) == 0) {
        settle(*record, filtered_);
      } else if (pick(8) == 0) {
        record->fate = Fate::held;
        held_.push_back(record);
      }
    }
    window_.ready(admitted);
  }

  void put() {
    const auto offer = window_.offer();
    if (offer.empty()) return;
    const std::size_t take = pick(offer.size() + 1);
    for (Record* record : offer.first(take)) {
      require(record->fate == Fate::live && !record->in_sink, "offered what is settled or in the sink");
      record->in_sink = true;
      in_sink_.push_back(record);
    }
    window_.taken(take);
  }

  void acknowledge() {
    if (in_sink_.empty()) return;
    const std::size_t index = pick(2) ? pick(in_sink_.size()) : 0;
    Record* record = in_sink_[index];
    in_sink_.erase(in_sink_.begin() + static_cast<std::ptrdiff_t>(index));
    record->in_sink = false;
    settle(*record, delivered_);
  }

  void rewind() {
    for (Record* record : in_sink_) record->in_sink = false;
    in_sink_.clear();
    window_.rewind();
  }

  void emit_held() {
    if (held_.empty()) return;
    const std::size_t count = 1 + pick(held_.size());
    const std::vector<Record*> from(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
    auto slice = window_.take_slice();
    Record* merged = slice->merge(from, nullptr);
    std::vector<std::size_t> all;
    for (Record* record : from) {
      for (std::size_t origin : hangs_on_.at(record)) {
        if (std::find(all.begin(), all.end(), origin) != all.end()) {
          --origins_[origin].hanging;
        } else {
          all.push_back(origin);
        }
      }
      hangs_on_.erase(record);
    }
    merged_ += count - 1;
    slice->origins()->close();
    Slice& admitted = window_.admit(std::move(slice), WindowEntry::Clock::now());
    hangs_on_[merged] = std::move(all);
    window_.ready(admitted);
  }

  void settle(Record& record, std::size_t& count) {
    ++count;
    for (std::size_t origin : hangs_on_.at(&record)) --origins_[origin].hanging;
    hangs_on_.erase(&record);
    window_.settle(record);
  }

  /// The end of each partition's settled prefix, by going through everything that ever was.
  [[nodiscard]] std::map<std::uint32_t, std::uint64_t> expected_ends() const {
    std::map<std::uint32_t, std::uint64_t> ends;
    std::map<std::uint32_t, bool> blocked;
    for (const Known& known : origins_) {
      blocked[known.partition] = blocked[known.partition] || known.hanging > 0;
      if (!blocked[known.partition]) ends[known.partition] = known.offset;
    }
    return ends;
  }

  void check() {
    for (const auto& [partition, offset] : positions_.take_moved()) ends_[partition] = std::stoull(offset);
    require(ends_ == expected_ends(), "the settled prefix is not the model's");
    require(window_.in_flight() == hangs_on_.size(), "in flight is not the model's");
    require(read_ + cloned_ == delivered_ + filtered_ + merged_ + window_.in_flight(), "the books do not balance");
  }

  void finish() {
    while (!held_.empty()) emit_held();
    rewind();
    for (bool more = true; more;) {
      put();
      while (!in_sink_.empty()) acknowledge();
      more = window_.has_offer();
    }
    window_.reclaim(true);
    check();
    require(hangs_on_.empty() && window_.empty(), "something was lost");
    require(positions_.size() == 0, "the log of positions keeps what has settled");
    for (const auto& [partition, offset] : offsets_)
      require(ends_[partition] == offset, "a partition did not reach its end");
  }

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  MemoryMeter memory_;
  SliceHome home_;
  PositionLog positions_;
  Window window_;
  std::vector<Known> origins_;
  std::map<std::uint32_t, std::uint64_t> offsets_;
  std::map<std::uint32_t, std::uint64_t> ends_;
  std::map<Record*, std::vector<std::size_t>> hangs_on_;  // unsettled records, indexes into origins_
  std::vector<Record*> in_sink_;
  std::vector<Record*> held_;
  std::size_t read_ = 0, cloned_ = 0, delivered_ = 0, filtered_ = 0, merged_ = 0;
};

}  // namespace

// WEIR_TEST_SEED=n runs that one schedule; WEIR_TEST_LENGTH=long runs fifty times as many.
TEST_CASE("under random schedules nothing is lost, no prefix passes an unsettled record, and the books balance") {
  if (const char* seed = std::getenv("WEIR_TEST_SEED")) return Model(std::strtoull(seed, nullptr, 10)).run();
  const char* length = std::getenv("WEIR_TEST_LENGTH");
  const std::uint64_t schedules = length != nullptr && std::string(length) == "long" ? 1'000'000 : 20'000;
  const std::uint64_t base = std::random_device()();
  INFO("seeds from " << base);
  for (std::uint64_t i = 0; i < schedules; ++i) Model(base + i).run();
  SUCCEED();
}
