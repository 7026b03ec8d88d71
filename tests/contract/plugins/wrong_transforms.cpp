#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include "wrong.hpp"

namespace wrong {
namespace {

/// Looks at each record and changes nothing.
struct Right {
  static constexpr auto name = "right";
  static constexpr uint32_t kind = WEIR_TRANSFORM;
  static constexpr uint32_t capabilities = WEIR_READS_DOC;

  explicit Right(Home the_home) : home(the_home) {}
  Right(const Right&) = delete;
  Right& operator=(const Right&) = delete;
  virtual ~Right() = default;
  virtual weir_status start() { return WEIR_OK; }
  virtual void stop() {}
  virtual weir_status flush() { return WEIR_OK; }
  virtual weir_status apply(const weir_batch& batch) {
    for (uint32_t i = 0; i < batch.count; ++i) one(batch.records[i]);
    return WEIR_OK;
  }

  /// False: it is no JSON, and has failed.
  bool one(weir_record* record) const {
    weir_doc* doc = nullptr;
    if (home.host->doc(record, WEIR_VALUE, &doc) != WEIR_E_DATA) return true;
    home.host->fail(record, WEIR_E_DATA, nullptr, nullptr);
    return false;
  }

  static weir_status apply_of(void* self, const weir_batch* batch, weir_output*) {
    return static_cast<Right*>(self)->apply(*batch);
  }
  static weir_status flush_of(void* self, weir_output*) { return static_cast<Right*>(self)->flush(); }
  template <typename T>
  static constexpr weir_transform table = {sizeof(weir_transform), T::capabilities, &create<Right, T>, &destroy<Right>,
                                           &wrong::start<Right>,   &apply_of,       nullptr,           &flush_of,
                                           &wrong::stop<Right>,    nullptr};

  const Home home;
};

struct Create final : Right {
  static constexpr auto name = "create";
  explicit Create(Home the_home) : Right(the_home), file_(open("made_by_create", O_CREAT | O_WRONLY, 0600)) {}
  ~Create() override {
    close(file_);
    unlink("made_by_create");
  }
  int file_;
};

struct Exceptions final : Right {
  static constexpr auto name = "exceptions";
  using Right::Right;
  weir_status apply(const weir_batch&) override { throw std::runtime_error("not caught"); }
};

struct Statuses final : Right {
  static constexpr auto name = "statuses";
  using Right::Right;
  weir_status apply(const weir_batch& batch) override { return batch.count == 0 ? WEIR_OK : 42; }
};

struct HostCalls final : Right {
  static constexpr auto name = "host_calls";
  using Right::Right;
  weir_status start() override {
    std::thread([this] {
      weir_value value;
      home.host->config(home.ctx, text("none"), &value);
    }).join();
    return WEIR_OK;
  }
};

struct Usage final : Right {
  static constexpr auto name = "usage";
  using Right::Right;
  weir_status apply(const weir_batch& batch) override {
    for (uint32_t i = 0; i < batch.count; ++i) home.host->header_add(batch.records[i], text("__weir.mine"), text("x"));
    return WEIR_OK;
  }
};

struct Threads final : Right {
  static constexpr auto name = "threads";
  using Right::Right;
  weir_status start() override {
    mine_ = std::this_thread::get_id();
    return WEIR_OK;
  }
  weir_status apply(const weir_batch&) override { return std::this_thread::get_id() == mine_ ? WEIR_OK : WEIR_E_FATAL; }
  std::thread::id mine_;
};

struct Instances final : Right {
  static constexpr auto name = "instances";
  static inline bool alive = false;
  explicit Instances(Home the_home) : Right(the_home) { alive = true; }
  ~Instances() override { alive = false; }
  weir_status apply(const weir_batch& batch) override {
    for (uint32_t i = 0; i < batch.count && !alive; ++i)
      home.host->fail(batch.records[i], WEIR_E_DATA, "gone", nullptr);
    return WEIR_OK;
  }
};

struct Leftovers final : Right {
  static constexpr auto name = "leftovers";
  using Right::Right;
  weir_status start() override { return open("/dev/null", O_RDONLY) < 0 ? WEIR_E_FATAL : WEIR_OK; }
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
  weir_status apply(const weir_batch& batch) override {
    if (kept_.ptr != nullptr && kept_.len > 0 && kept_.ptr[0] == 'x') return WEIR_E_FATAL;
    if (batch.count > 0) kept_ = home.host->bytes(batch.records[0], WEIR_VALUE);
    return WEIR_OK;
  }
  weir_str kept_{nullptr, 0};
};

struct EmptyBatch final : Right {
  static constexpr auto name = "empty_batch";
  using Right::Right;
  weir_status apply(const weir_batch& batch) override { return batch.count == 0 ? WEIR_E_FATAL : WEIR_OK; }
};

struct BadRecords final : Right {
  static constexpr auto name = "bad_records";
  using Right::Right;
  weir_status apply(const weir_batch& batch) override {
    for (uint32_t i = 0; i < batch.count; ++i) {
      if (!one(batch.records[i])) return WEIR_E_DATA;
    }
    return WEIR_OK;
  }
};

struct Tombstones final : Right {
  static constexpr auto name = "tombstones";
  static constexpr uint32_t capabilities = WEIR_READS_DOC | WEIR_TOMBSTONES;
  using Right::Right;
  weir_status apply(const weir_batch& batch) override {
    for (uint32_t i = 0; i < batch.count; ++i) seen_ = home.host->bytes(batch.records[i], WEIR_VALUE).ptr[0];
    return WEIR_OK;
  }
  volatile char seen_ = 0;
};

struct Retry final : Right {
  static constexpr auto name = "retry";
  using Right::Right;
  weir_status apply(const weir_batch& batch) override {
    if (batch.count == 0 || asked_) return WEIR_OK;
    asked_ = true;
    home.host->header_add(batch.records[0], text("half"), text("done"));
    return WEIR_E_RETRY;
  }
  bool asked_ = false;
};

struct Held final : Right {
  static constexpr auto name = "held";
  static constexpr uint32_t capabilities = WEIR_READS_DOC | WEIR_HOLDS;
  using Right::Right;
  weir_status apply(const weir_batch& batch) override {
    for (uint32_t i = 0; i < batch.count; ++i) home.host->hold(batch.records[i]);
    return WEIR_OK;
  }
};

struct Unchanged final : Right {
  static constexpr auto name = "unchanged";
  using Right::Right;
  weir_status apply(const weir_batch& batch) override {
    for (uint32_t i = 0; i < batch.count; ++i) home.host->set_topic(batch.records[i], text("other"));
    return WEIR_OK;
  }
};

}  // namespace
}  // namespace wrong

WRONG_PLUGIN(wrong::Right, wrong::Create, wrong::Exceptions, wrong::Statuses, wrong::HostCalls, wrong::Usage,
             wrong::Threads, wrong::Instances, wrong::Leftovers, wrong::Restart, wrong::Ownership, wrong::EmptyBatch,
             wrong::BadRecords, wrong::Tombstones, wrong::Retry, wrong::Held, wrong::Unchanged)
