#pragma once
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <map>
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

/// Reads all partitions of a topic, or of every topic there is and will be, from their beginning, in no group. Used by one thread.
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

  /// The next message; null when every partition was read to its end and `until_end` or finish() asked for that. Throws GaveUp.
  [[nodiscard]] Message next();
  /// From a signal handler: next() gives what the partitions hold when it heard this, and nothing more.
  static void finish() noexcept;

 private:
  using Clock = std::chrono::steady_clock;

  struct DestroyClient {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  };
  struct Partition {
    std::int64_t next = RD_KAFKA_OFFSET_BEGINNING;  // offset
    bool ended = false;                             // its end was met
    bool limited = false;                           // by finish():
    std::int64_t limit = 0;                         // nothing at that offset or behind it
  };
  struct DestroyMetadata {
    void operator()(const rd_kafka_metadata_t* found) const { rd_kafka_metadata_destroy(found); }
  };
  using Metadata = std::unique_ptr<const rd_kafka_metadata_t, DestroyMetadata>;

  int partition_count();
  [[nodiscard]] bool reads_all() const { return options_.topic == kAllTopics; }
  void look_for_topics();
  void assign();
  [[nodiscard]] std::vector<std::int64_t> offsets_at(std::int64_t logical);
  void limit();
  void note(const rd_kafka_message_t& message);
  [[nodiscard]] bool done() const;

  const Options& options_;
  std::unique_ptr<rd_kafka_t, DestroyClient> client_;
  std::map<std::string, std::vector<Partition>> topics_;
  Clock::time_point look_at_{};  // for further topics
  bool limited_ = false;
};

}  // namespace weir::consume
