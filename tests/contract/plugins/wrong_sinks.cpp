#include <chrono>
#include <thread>
#include <vector>

#include "wrong.hpp"

namespace wrong {
namespace {

/// Delivers nowhere, when it is flushed.
struct Right {
  static constexpr auto name = "right";
  static constexpr uint32_t kind = WEIR_SINK;
  static constexpr uint32_t capabilities = 0;

  explicit Right(Home the_home) : home(the_home) {}
  Right(const Right&) = delete;
  Right& operator=(const Right&) = delete;
  virtual ~Right() = default;
  virtual weir_status start() { return WEIR_OK; }
  virtual void stop() { answer(WEIR_E_RETRY); }
  virtual weir_status put(const weir_batch& batch, uint32_t* taken) {
    taken_.insert(taken_.end(), batch.records, batch.records + batch.count);
    *taken = batch.count;
    return WEIR_OK;
  }
  virtual weir_status flush(uint32_t) {
    answer(WEIR_OK);
    return WEIR_OK;
  }
  void answer(weir_status status) {
    home.host->ack(taken_.data(), static_cast<uint32_t>(taken_.size()), status, nullptr);
    taken_.clear();
  }

  static weir_status put_of(void* self, const weir_batch* batch, uint32_t* taken) {
    return static_cast<Right*>(self)->put(*batch, taken);
  }
  static weir_status flush_of(void* self, uint32_t timeout_ms) { return static_cast<Right*>(self)->flush(timeout_ms); }
  template <typename T>
  static constexpr weir_sink table = {sizeof(weir_sink),    T::capabilities, &create<Right, T>, &destroy<Right>,
                                      &wrong::start<Right>, &put_of,         nullptr,           &flush_of,
                                      &wrong::stop<Right>,  nullptr};

  const Home home;
  std::vector<weir_record*> taken_;
};

struct Statuses final : Right {
  static constexpr auto name = "statuses";
  using Right::Right;
  weir_status flush(uint32_t) override {
    answer(42);
    return WEIR_OK;
  }
};

struct Restart final : Right {
  static constexpr auto name = "restart";
  using Right::Right;
  weir_status start() override { return starts_++ == 0 ? WEIR_OK : WEIR_E_FATAL; }
  int starts_ = 0;
};

struct Ownership final : Right {
  static constexpr auto name = "ownership";
  using Right::Right;
  weir_status put(const weir_batch& batch, uint32_t* taken) override {
    if (kept_.ptr != nullptr && kept_.ptr[0] == 'x') return WEIR_E_FATAL;
    if (batch.count > 0) kept_ = home.host->bytes(batch.records[0], WEIR_KEY);
    return Right::put(batch, taken);
  }
  weir_str kept_{nullptr, 0};
};

struct EmptyBatch final : Right {
  static constexpr auto name = "empty_batch";
  using Right::Right;
  weir_status put(const weir_batch& batch, uint32_t* taken) override {
    return batch.count == 0 ? WEIR_E_FATAL : Right::put(batch, taken);
  }
};

/// Keeps the latest for the next flush.
struct Acknowledged final : Right {
  static constexpr auto name = "acknowledged";
  using Right::Right;
  weir_status flush(uint32_t) override {
    if (taken_.empty()) return WEIR_OK;
    weir_record* const latest = taken_.back();
    taken_.pop_back();
    answer(WEIR_OK);
    taken_.push_back(latest);
    return WEIR_OK;
  }
};

struct Once final : Right {
  static constexpr auto name = "once";
  using Right::Right;
  weir_status flush(uint32_t) override {
    if (!taken_.empty()) home.host->ack(taken_.data(), 1, WEIR_OK, nullptr);
    answer(WEIR_OK);
    return WEIR_OK;
  }
};

struct GivesBack final : Right {
  static constexpr auto name = "gives_back";
  using Right::Right;
  void stop() override { taken_.clear(); }
};

struct FlushTimeout final : Right {
  static constexpr auto name = "flush_timeout";
  using Right::Right;
  weir_status flush(uint32_t timeout_ms) override {
    if (timeout_ms == 0) std::this_thread::sleep_for(std::chrono::seconds(4));
    return Right::flush(timeout_ms);
  }
};

struct BadRecords final : Right {
  static constexpr auto name = "bad_records";
  static constexpr uint32_t capabilities = WEIR_READS_DOC;
  using Right::Right;
  weir_status put(const weir_batch& batch, uint32_t* taken) override {
    for (uint32_t i = 0; i < batch.count; ++i) {
      weir_doc* doc = nullptr;
      if (home.host->doc(batch.records[i], WEIR_VALUE, &doc) == WEIR_E_DATA) return WEIR_E_FATAL;
    }
    return Right::put(batch, taken);
  }
};

struct Tombstones final : Right {
  static constexpr auto name = "tombstones";
  using Right::Right;
  weir_status put(const weir_batch& batch, uint32_t* taken) override {
    for (uint32_t i = 0; i < batch.count; ++i) seen_ = home.host->bytes(batch.records[i], WEIR_VALUE).ptr[0];
    return Right::put(batch, taken);
  }
  volatile char seen_ = 0;
};

}  // namespace
}  // namespace wrong

WRONG_PLUGIN(wrong::Right, wrong::Statuses, wrong::Restart, wrong::Ownership, wrong::EmptyBatch, wrong::Acknowledged,
             wrong::Once, wrong::GivesBack, wrong::FlushTimeout, wrong::BadRecords, wrong::Tombstones)
