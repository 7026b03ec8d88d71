#pragma once
#include <string>
#include <string_view>

#include "client/client.h"

namespace weir::bench {

/// librdkafka as the loops use it: idempotent, acknowledged by all, a queue large enough never to be the limit. It copies what
/// it is given. One thread.
class Producer {
 public:
  /// `settings` win over the defaults. Throws std::runtime_error when librdkafka refuses.
  Producer(const std::string& bootstrap, const std::string& topic, const Settings& settings);

  void send(std::string_view key, std::string_view value);
  /// Lets delivery reports in, for so long at most.
  void poll(int milliseconds) const { rd_kafka_poll(client_, milliseconds); }
  /// Waits for every delivery report.
  void finish() const { rd_kafka_flush(client_, 600'000); }

  [[nodiscard]] long sent() const { return sent_; }
  /// Messages the broker acknowledged without an error.
  [[nodiscard]] long acknowledged() const { return acknowledged_; }

 private:
  rd_kafka_t* client_ = nullptr;  // lives as long as the process: its end is not part of the measurement
  rd_kafka_topic_t* topic_ = nullptr;
  long sent_ = 0;
  long acknowledged_ = 0;
};

}  // namespace weir::bench
