#pragma once
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace weir::kafka::testing {

struct Stored {
  std::int32_t partition;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::int64_t timestamp_ms;
  std::vector<std::pair<std::string, std::string>> headers;  // null: "(null)"
};

/// A mock cluster in this process with one topic, "t", of three partitions.
class MockTopic {
 public:
  MockTopic();

  [[nodiscard]] std::string bootstrap() const { return rd_kafka_mock_cluster_bootstraps(cluster_.get()); }
  /// The next produce requests are answered so.
  void answer_produce(const std::vector<rd_kafka_resp_err_t>& errors);
  /// What the topic holds, partition after partition, once it holds `count` messages; what there is after ten seconds.
  [[nodiscard]] std::vector<Stored> read(std::size_t count) const;
#if RD_KAFKA_VERSION >= 0x020300ff  // earlier ones do not tell
  /// The kinds (Kafka's API keys) of the requests so far.
  [[nodiscard]] std::set<std::int16_t> requests() const;
#endif

 private:
  struct Destroy {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
    void operator()(rd_kafka_mock_cluster_t* cluster) const { rd_kafka_mock_cluster_destroy(cluster); }
  };
  std::unique_ptr<rd_kafka_t, Destroy> client_;
  std::unique_ptr<rd_kafka_mock_cluster_t, Destroy> cluster_;
};

}  // namespace weir::kafka::testing
