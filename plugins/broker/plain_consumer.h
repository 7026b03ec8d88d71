#pragma once
#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "consume_options.h"

namespace weir::consume {

/// The topic cannot be read, or no message came in time.
class GaveUp : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads all partitions of a topic from their beginning, in no group. Used by one thread.
class PlainConsumer {
 public:
  /// Throws std::invalid_argument for a property that librdkafka refuses, GaveUp when the topic is not there.
  explicit PlainConsumer(const Options& options);
  ~PlainConsumer();
  PlainConsumer(const PlainConsumer&) = delete;
  PlainConsumer& operator=(const PlainConsumer&) = delete;

  struct DestroyMessage {
    void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
  };
  using Message = std::unique_ptr<rd_kafka_message_t, DestroyMessage>;

  /// The next message; null when every partition was read to its end and `until_end` was asked for. Throws GaveUp.
  [[nodiscard]] Message next();

 private:
  struct DestroyClient {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  };

  void assign();
  int partition_count();

  const Options& options_;
  std::unique_ptr<rd_kafka_t, DestroyClient> client_;
  std::vector<bool> ended_;  // by partition: its end was met
};

}  // namespace weir::consume
