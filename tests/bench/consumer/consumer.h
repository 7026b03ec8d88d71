#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "client/client.h"

namespace weir::bench {

/// Seconds of CLOCK_MONOTONIC, which every process of the machine shares.
[[nodiscard]] double now_s();

/// Reads all partitions of a topic as it grows. One thread.
class Consumer {
 public:
  /// `settings` win over the defaults. Throws std::runtime_error when librdkafka refuses.
  Consumer(const std::string& bootstrap, const std::string& topic, int partitions, const Settings& settings);

  /// Returns when every partition has been read to its end, so that what comes now comes at once. Throws after 30 s.
  void wait_until_ready();
  /// The value of the next message goes to `take`; false: none came within 50 ms.
  bool next(const std::function<void(std::string_view)>& take);

 private:
  rd_kafka_t* client_ = nullptr;  // lives as long as the process
  int partitions_;
};

}  // namespace weir::bench
