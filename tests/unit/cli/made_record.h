#pragma once
#include "record/slice.h"

namespace weir::host::cli {

/// A slice with one record: first as its source makes it, then sealed.
class MadeRecord {
 public:
  MadeRecord() { record_ = slice_.append(*slice_.origins()->open(Origin::kNoPartition, kNullBytes, 0)); }
  [[nodiscard]] Record& record() { return *record_; }
  [[nodiscard]] Record& sealed() {
    slice_.seal();
    return *record_;
  }

 private:
  class NoAcks final : public Acks {
    void ack(std::span<Record* const>, weir_status, const char*) noexcept override {}
  };

  MemoryMeter memory_{1 << 20};
  NoAcks acks_;
  SliceHome home_{&memory_, &acks_, nullptr};
  Slice slice_{home_};
  Record* record_ = nullptr;
};

}  // namespace weir::host::cli
