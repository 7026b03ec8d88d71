#include "mock_topic.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>

namespace weir::kafka::testing {
namespace {

constexpr int kPartitions = 3;

rd_kafka_t* make_client(rd_kafka_type_t type, const std::string& bootstrap) {
  std::array<char, 512> why{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
  if (!bootstrap.empty()) rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.c_str(), why.data(), why.size());
  if (type == RD_KAFKA_CONSUMER) rd_kafka_conf_set(conf, "fetch.wait.max.ms", "10", why.data(), why.size());
  rd_kafka_t* client = rd_kafka_new(type, conf, why.data(), why.size());
  if (client == nullptr) throw std::runtime_error(why.data());
  return client;
}

std::optional<std::string> text(const void* bytes, std::size_t size) {
  if (bytes == nullptr) return std::nullopt;
  return std::string(static_cast<const char*>(bytes), size);
}

Stored stored(const rd_kafka_message_t& message) {
  Stored made{message.partition,
              text(message.key, message.key_len),
              text(message.payload, message.len),
              rd_kafka_message_timestamp(&message, nullptr),
              {}};
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return made;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0; rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i)
    made.headers.emplace_back(name, text(value, size).value_or("(null)"));
  return made;
}

}  // namespace

MockTopic::MockTopic()
    : client_(make_client(RD_KAFKA_PRODUCER, "")), cluster_(rd_kafka_mock_cluster_new(client_.get(), 1)) {
  rd_kafka_mock_topic_create(cluster_.get(), "t", kPartitions, 1);
#if RD_KAFKA_VERSION >= 0x020300ff
  rd_kafka_mock_start_request_tracking(cluster_.get());
#endif
}

#if RD_KAFKA_VERSION >= 0x020300ff
std::set<std::int16_t> MockTopic::requests() const {
  std::size_t count = 0;
  rd_kafka_mock_request_t** all = rd_kafka_mock_get_requests(cluster_.get(), &count);
  std::set<std::int16_t> kinds;
  for (std::size_t i = 0; i < count; ++i) kinds.insert(rd_kafka_mock_request_api_key(all[i]));
  rd_kafka_mock_request_destroy_array(all, count);
  return kinds;
}
#endif

void MockTopic::answer_produce(const std::vector<rd_kafka_resp_err_t>& errors) {
  constexpr std::int16_t kProduce = 0;
  rd_kafka_mock_push_request_errors_array(cluster_.get(), kProduce, errors.size(), errors.data());
}

std::vector<Stored> MockTopic::read(std::size_t count) const {
  const std::unique_ptr<rd_kafka_t, Destroy> client(make_client(RD_KAFKA_CONSUMER, bootstrap()));
  rd_kafka_topic_t* topic = rd_kafka_topic_new(client.get(), "t", nullptr);
  for (int partition = 0; partition < kPartitions; ++partition)
    rd_kafka_consume_start(topic, partition, RD_KAFKA_OFFSET_BEGINNING);
  std::vector<Stored> all;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (all.size() < count && std::chrono::steady_clock::now() < give_up) {
    for (int partition = 0; partition < kPartitions; ++partition) {
      rd_kafka_message_t* message = rd_kafka_consume(topic, partition, 20);
      if (message == nullptr) continue;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) all.push_back(stored(*message));
      rd_kafka_message_destroy(message);
    }
  }
  for (int partition = 0; partition < kPartitions; ++partition) rd_kafka_consume_stop(topic, partition);
  rd_kafka_topic_destroy(topic);
  std::stable_sort(all.begin(), all.end(), [](const Stored& a, const Stored& b) { return a.partition < b.partition; });
  return all;
}

}  // namespace weir::kafka::testing
