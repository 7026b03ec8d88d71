#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/engine.h"
#include "record/slice.h"

namespace weir::host::json::test {

/// One record with a value, and the engine that makes its document. Paths are added before the first call that needs the document.
class OneRecord {
 public:
  explicit OneRecord(std::string_view value) {
    home_.memory = &meter_;
    home_.json = &engine_;
    slice_ = std::make_unique<Slice>(home_);
    origin_ = slice_->origins()->open(Origin::kNoPartition, kNullBytes, 0);
    set_value(value);
  }

  /// A new record with that value; the engine and its plan stay.
  void set_value(std::string_view value) {
    record_ = slice_->append(*origin_);
    record_->set_slot(WEIR_VALUE, slice_->arena().copy(value));
  }

  /// The same, with the slice's memory given back before.
  void start_anew(std::string_view value) {
    slice_->recycle();
    origin_ = slice_->origins()->open(Origin::kNoPartition, kNullBytes, 0);
    set_value(value);
  }

  const PlanPath& path(std::string_view text, std::uint32_t use = WEIR_READ | WEIR_WRITE,
                       const PlanPath* base = nullptr) {
    auto added = engine_.plan(WEIR_VALUE).add(text, use, base);
    if (!added) throw std::runtime_error(added.status().message());
    return **added;
  }

  weir_status open() {
    Document* document = nullptr;
    return engine_.open(*record_, WEIR_VALUE, document);
  }
  Document& document() {
    Document* document = nullptr;
    if (engine_.open(*record_, WEIR_VALUE, document) != WEIR_OK) throw std::runtime_error(engine_.reason());
    return *document;
  }
  std::string bytes() {
    engine_.settle_bytes(*record_, WEIR_VALUE);
    return std::string(view(record_->value()));
  }

  Engine& engine() { return engine_; }
  Record& record() { return *record_; }
  Slice& slice() { return *slice_; }
  MemoryMeter& meter() { return meter_; }

 private:
  MemoryMeter meter_{64u << 20};
  Engine engine_;
  SliceHome home_;
  std::unique_ptr<Slice> slice_;
  Origin* origin_ = nullptr;
  Record* record_ = nullptr;
};

inline weir_value text_value(std::string_view text) {
  weir_value value{};
  value.type = WEIR_STRING;
  value.as.s = {text.data(), text.size()};
  return value;
}

}  // namespace weir::host::json::test
