#pragma once
#include <librdkafka/rdkafka.h>

#include <string>
#include <weir/context.hpp>

#include "client.h"

namespace weir::kafka {

/// The `create_topic:` of a sink: how topics are made that are missing.
class TopicCreation {
 public:
  /// Throws ConfigError. [control]
  explicit TopicCreation(const Context& config);

  [[nodiscard]] bool wanted() const { return wanted_; }

  struct Answer {
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;  // none also when the topic was there
    std::string text;
  };
  /// Asks a cluster to make the topic. Waits for the answer.
  [[nodiscard]] Answer create(const Client& client, const std::string& name, Milliseconds timeout) const;

 private:
  static constexpr int kClusterDecides = -1;

  bool wanted_ = false;
  int partitions_ = kClusterDecides;
  int replication_factor_ = kClusterDecides;
};

}  // namespace weir::kafka
