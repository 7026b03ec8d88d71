#include "wrong.hpp"

namespace wrong {
namespace {

/// Chooses every JSON.
struct Right {
  static constexpr auto name = "right";
  static constexpr uint32_t kind = WEIR_PREDICATE;
  static constexpr uint32_t capabilities = WEIR_READS_DOC;

  explicit Right(Home the_home) : home(the_home) {}
  Right(const Right&) = delete;
  Right& operator=(const Right&) = delete;
  virtual ~Right() = default;
  virtual weir_status test(const weir_batch& batch, uint8_t* matches) {
    for (uint32_t i = 0; i < batch.count; ++i) {
      weir_doc* doc = nullptr;
      const weir_status status = home.host->doc(batch.records[i], WEIR_VALUE, &doc);
      if (status == WEIR_E_DATA) home.host->fail(batch.records[i], status, nullptr, nullptr);
      matches[i] = status == WEIR_OK ? 1 : 0;
    }
    return WEIR_OK;
  }

  static weir_status test_of(void* self, const weir_batch* batch, uint8_t* matches) {
    return static_cast<Right*>(self)->test(*batch, matches);
  }
  template <typename T>
  static constexpr weir_predicate table = {sizeof(weir_predicate), T::capabilities, &create<Right, T>, &destroy<Right>,
                                           &test_of};

  const Home home;
};

struct Statuses final : Right {
  static constexpr auto name = "statuses";
  using Right::Right;
  weir_status test(const weir_batch& batch, uint8_t* matches) override {
    for (uint32_t i = 0; i < batch.count; ++i) matches[i] = 2;
    return WEIR_OK;
  }
};

struct BadRecords final : Right {
  static constexpr auto name = "bad_records";
  using Right::Right;
  weir_status test(const weir_batch& batch, uint8_t* matches) override {
    for (uint32_t i = 0; i < batch.count; ++i) {
      weir_doc* doc = nullptr;
      if (home.host->doc(batch.records[i], WEIR_VALUE, &doc) == WEIR_E_DATA) return WEIR_E_FATAL;
      matches[i] = 1;
    }
    return WEIR_OK;
  }
};

struct Tombstones final : Right {
  static constexpr auto name = "tombstones";
  static constexpr uint32_t capabilities = WEIR_TOMBSTONES;
  using Right::Right;
  weir_status test(const weir_batch& batch, uint8_t* matches) override {
    for (uint32_t i = 0; i < batch.count; ++i)
      matches[i] = home.host->bytes(batch.records[i], WEIR_VALUE).ptr[0] == '{' ? 1 : 0;
    return WEIR_OK;
  }
};

struct Ownership final : Right {
  static constexpr auto name = "ownership";
  using Right::Right;
  weir_status test(const weir_batch& batch, uint8_t* matches) override {
    if (kept_.ptr != nullptr && kept_.len > 0 && kept_.ptr[0] == 'x') return WEIR_E_FATAL;
    if (batch.count > 0) kept_ = home.host->bytes(batch.records[0], WEIR_KEY);
    for (uint32_t i = 0; i < batch.count; ++i) matches[i] = 1;
    return WEIR_OK;
  }
  weir_str kept_{nullptr, 0};
};

}  // namespace
}  // namespace wrong

WRONG_PLUGIN(wrong::Right, wrong::Statuses, wrong::BadRecords, wrong::Tombstones, wrong::Ownership)
