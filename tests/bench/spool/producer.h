#pragma once
#include <memory>
#include <mutex>
#include <string_view>

#include "latencies.h"
#include "record/memory_meter.h"
#include "record/slice.h"
#include "spool/spool.h"

namespace weir::bench {

/// Puts one record after the other into a spool, each when the one before was acknowledged: a client that waits for its answer.
class Producer final : private host::Acks {
 public:
  explicit Producer(const std::shared_ptr<host::spool::Spool>& spool);  // shared, as the spool's ends are

  void start();
  /// Until the record is safe; throws when it is not taken or given back.
  void put(std::string_view value);
  void stop() { sink_->stop(); }
  [[nodiscard]] const Latencies& latencies() const { return latencies_; }

 private:
  void ack(std::span<host::Record* const> records, weir_status status, const char* reason) noexcept override;
  host::Record* make(std::string_view value);
  void offer(host::Record* record);
  void wait();

  host::MemoryMeter memory_{1 << 20};
  host::SliceHome home_{&memory_, this, nullptr};
  host::Slice slice_{home_};
  std::unique_ptr<host::Sink> sink_;
  Latencies latencies_;
  std::mutex mutex_;
  bool is_answered_ = false;
  weir_status answer_ = WEIR_OK;
};

}  // namespace weir::bench
