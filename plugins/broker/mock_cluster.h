#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <memory>
#include <string>

#include "fault.h"

namespace weir::broker {

/// librdkafka's mock cluster: brokers on 127.0.0.1, on ports the kernel chose, served by a thread of the library until destroyed.
class MockCluster {
 public:
  /// Throws std::runtime_error when the library cannot start it.
  explicit MockCluster(int brokers);

  /// Throws std::runtime_error.
  void create_topic(const std::string& name, int partitions);
  void inject(const Fault& fault);
  /// Answers come so much later.
  void delay_answers(int milliseconds);
  /// host:port, comma-separated.
  [[nodiscard]] std::string bootstrap() const;

 private:
  struct Destroy {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
    void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
  };

  int brokers_;
  std::unique_ptr<rd_kafka_t, Destroy> client_;  // the library keeps the cluster's books in a client
  std::unique_ptr<rd_kafka_mock_cluster_t, Destroy> cluster_;
};

}  // namespace weir::broker
