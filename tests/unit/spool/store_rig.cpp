#include "store_rig.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "spool/record_codec.h"

namespace weir::host::spool::test {

StoreRig::StoreRig(MemoryFiles& files) : files_(files) { options.folder = "/spool"; }

Status StoreRig::open(std::optional<Sequence> checkpoint) {
  store_.reset();
  files_.kill();
  store_ = std::make_unique<Store>(options, files_, Log());
  return store_->open(checkpoint, now_ms);
}

void StoreRig::close() {
  store_->close();
  store_.reset();
}

Status StoreRig::append(const std::vector<std::size_t>& blocks) {
  std::vector<std::string> raw(blocks.size());
  std::vector<PackedBlock> packed;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    for (std::size_t k = 0; k < blocks[i]; ++k) {
      const std::string value = std::to_string(next++);
      Record record;
      record.set_slot(WEIR_VALUE, bytes_of(value));
      encode_record(record, raw[i]);
    }
    packed.push_back({Codec::none, raw[i], raw[i].size(), static_cast<std::uint32_t>(blocks[i]), now_ms, now_ms});
  }
  return store_->append(packed, now_ms);
}

std::vector<int> StoreRig::read() {
  std::vector<int> all;
  while (true) {
    const std::vector<int> some = read(Slice::kRecords);
    if (some.empty()) return all;
    all.insert(all.end(), some.begin(), some.end());
  }
}

std::vector<int> StoreRig::read(std::size_t most) {
  std::vector<int> values;
  const Status status = take(values, most);
  INFO(status.message());
  REQUIRE((status.code() == WEIR_OK || status.code() == WEIR_NOT_FOUND));
  return values;
}

Status StoreRig::take(std::vector<int>& values, std::size_t most) {
  class NoAcks final : public Acks {
    void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
  };
  NoAcks acks;
  MemoryMeter memory{1u << 30};
  const SliceHome home{&memory, &acks, nullptr};
  Slice slice(home);
  Status status = store_->reader().read(slice, 0, most, Slice::kBytes, now_ms);
  for (const Record* record : slice.records()) {
    values.push_back(std::stoi(std::string(view(record->value()))));
    last_ = std::stoull(std::string(slice.origins()->offset_of(*record->origin)));
  }
  return status;
}

std::vector<std::string> StoreRig::segments() const {
  std::vector<std::string> all = files_.paths();
  std::erase_if(all, [](const std::string& path) {
    return !path.ends_with(".seg") || path.find("quarantine") != std::string::npos;
  });
  return all;
}

std::vector<int> numbers(int first, int end) {
  std::vector<int> all(static_cast<std::size_t>(end - first));
  std::iota(all.begin(), all.end(), first);
  return all;
}

void require_balance(const BacklogFigures& figures) {
  REQUIRE(figures.balanced());
}

}  // namespace weir::host::spool::test
