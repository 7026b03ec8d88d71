#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/io.h"

namespace weir::host::contract {

/// The acknowledgements a sink gives. Any thread.
class AckBook final : public Acks {
 public:
  void ack(std::span<Record* const> records, weir_status status, const char* reason) noexcept override;

  struct Entry {
    std::uint32_t count = 0;
    weir_status last = WEIR_OK;
  };
  /// Of one record.
  [[nodiscard]] Entry of(const Record* record) const;
  /// Of all records: how many have one, and the most that a single one has.
  [[nodiscard]] std::size_t acknowledged() const;
  [[nodiscard]] std::uint32_t most() const;

 private:
  mutable std::mutex mutex_;
  std::map<const Record*, Entry> entries_;
};

/// The records of one call, in memory that no other batch shares, so that it can be taken away when the plugin may no longer look
/// at it. What was taken away stays so: its addresses are never used again. [task]
class Batch {
 public:
  Batch(AckBook& acks, json::Engine* engine);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  /// A record as a source gave it; no value: a tombstone.
  Record* add(std::optional<std::string_view> value);
  [[nodiscard]] Slice& slice() { return slice_; }
  [[nodiscard]] const std::vector<Record*>& records() const { return slice_.records(); }
  /// Edits are in the bytes of live records, as at the end of a chain.
  void settle();
  /// Whoever reads or writes a record from here on dies of SIGSEGV. The batch is of no use any more, nor can it be destroyed.
  void take_away();

 private:
  MemoryMeter memory_;
  json::Engine* engine_;
  SliceHome home_;
  Slice slice_;
};

}  // namespace weir::host::contract
