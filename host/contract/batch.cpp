#include "contract/batch.h"

#include <sys/mman.h>

#include <algorithm>

#include "json/engine.h"
#include "record/slabs.h"

namespace weir::host::contract {
namespace {

constexpr std::size_t kMemory = 64u << 20;

}  // namespace

void AckBook::ack(std::span<Record* const> records, weir_status status, const char*) noexcept {
  const std::lock_guard lock(mutex_);
  for (const Record* record : records) {
    Entry& entry = entries_[record];
    ++entry.count;
    entry.last = status;
  }
}

AckBook::Entry AckBook::of(const Record* record) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(record);
  return found == entries_.end() ? Entry() : found->second;
}

std::size_t AckBook::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::uint32_t AckBook::most() const {
  const std::lock_guard lock(mutex_);
  std::uint32_t most = 0;
  for (const auto& [record, entry] : entries_) most = std::max(most, entry.count);
  return most;
}

Batch::Batch(AckBook& acks, json::Engine* engine)
    : memory_(kMemory), engine_(engine), home_{&memory_, &acks, engine}, slice_(home_) {}

Record* Batch::add(std::optional<std::string_view> value) {
  const std::string number = std::to_string(records().size());
  Origin* const origin = slice_.origins()->open(Origin::kNoPartition, bytes_of(number), 0);
  Record* const record = slice_.append(*origin);
  record->set_slot(WEIR_KEY, slice_.arena().copy("key-" + number));
  if (value) record->set_slot(WEIR_VALUE, slice_.arena().copy(*value));
  record->add_header("origin", bytes_of("weir check"));
  record->timestamp_ms = 1'700'000'000'000;
  slice_.seal();
  return record;
}

void Batch::settle() {
  for (Record* record : records()) {
    if (record->fate != Fate::live) continue;
    for (const int slot : {WEIR_KEY, WEIR_VALUE}) {
      if (record->slots[slot].document != nullptr) engine_->settle_bytes(*record, slot);
    }
  }
}

void Batch::take_away() {
  if (records().empty()) return;
  // All of a batch lies in one slab: it is small, and its meter serves nobody else.
  auto* const inside = reinterpret_cast<char*>(records().front());
  mprotect(inside - reinterpret_cast<std::uintptr_t>(inside) % Slabs::kSlab, Slabs::kSlab, PROT_NONE);
}

}  // namespace weir::host::contract
