#include "plain_consumer.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace weir::consume {
namespace {

using Clock = std::chrono::steady_clock;

void set(rd_kafka_conf_t* settings, const std::string& name, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(settings, name.c_str(), value.c_str(), why.data(), why.size()) == RD_KAFKA_CONF_OK) return;
  rd_kafka_conf_destroy(settings);
  throw std::invalid_argument("--config " + name + " is refused");  // the library's own text may hold a password
}

rd_kafka_t* make_client(const Options& options) {
  rd_kafka_conf_t* settings = rd_kafka_conf_new();
  set(settings, "bootstrap.servers", options.bootstrap);
  set(settings, "group.id", "weir-consume");  // asked for by the library, though no group is joined
  set(settings, "enable.auto.commit", "false");
  set(settings, "enable.partition.eof", "true");
  set(settings, "auto.offset.reset", "earliest");
  set(settings, "log_level", "3");
  for (const auto& [name, value] : options.config) set(settings, name, value);
  std::array<char, 512> why{};
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_CONSUMER, settings, why.data(), why.size());
  if (client != nullptr) return client;
  rd_kafka_conf_destroy(settings);
  throw std::invalid_argument(why.data());
}

}  // namespace

PlainConsumer::PlainConsumer(const Options& options) : options_(options), client_(make_client(options)) {
  rd_kafka_poll_set_consumer(client_.get());
  assign();
}

PlainConsumer::~PlainConsumer() { rd_kafka_consumer_close(client_.get()); }

void PlainConsumer::assign() {
  const int partitions = partition_count();
  ended_.resize(static_cast<std::size_t>(partitions));
  rd_kafka_topic_partition_list_t* all = rd_kafka_topic_partition_list_new(partitions);
  for (int partition = 0; partition < partitions; ++partition)
    rd_kafka_topic_partition_list_add(all, options_.topic.c_str(), partition)->offset = RD_KAFKA_OFFSET_BEGINNING;
  const rd_kafka_resp_err_t error = rd_kafka_assign(client_.get(), all);
  rd_kafka_topic_partition_list_destroy(all);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) throw GaveUp(rd_kafka_err2str(error));
}

int PlainConsumer::partition_count() {
  const Clock::time_point give_up = Clock::now() + std::chrono::seconds(options_.timeout_s);
  rd_kafka_topic_t* topic = rd_kafka_topic_new(client_.get(), options_.topic.c_str(), nullptr);
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR__TIMED_OUT;
  int count = 0;
  do {
    const rd_kafka_metadata_t* found = nullptr;
    error = rd_kafka_metadata(client_.get(), 0, topic, &found, 1000);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    error = found->topic_cnt == 1 ? found->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) count = found->topics[0].partition_cnt;
    rd_kafka_metadata_destroy(found);
  } while (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART &&
           Clock::now() < give_up);
  rd_kafka_topic_destroy(topic);
  if (count == 0) throw GaveUp("topic '" + options_.topic + "': " + rd_kafka_err2str(error));
  return count;
}

PlainConsumer::Message PlainConsumer::next() {
  const Clock::time_point give_up = Clock::now() + std::chrono::seconds(options_.timeout_s);
  while (!options_.until_end || std::find(ended_.begin(), ended_.end(), false) != ended_.end()) {
    Message message(rd_kafka_consumer_poll(client_.get(), 200));
    if (message && message->err == RD_KAFKA_RESP_ERR_NO_ERROR) return message;
    if (message && message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
      ended_[static_cast<std::size_t>(message->partition)] = true;
    if (Clock::now() > give_up)
      throw GaveUp("no message for " + std::to_string(options_.timeout_s) + " s" +
                   (message ? std::string(": ") + rd_kafka_message_errstr(message.get()) : ""));
  }
  return nullptr;
}

}  // namespace weir::consume
