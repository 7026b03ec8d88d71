#include "consumer.h"

#include <ctime>
#include <set>
#include <stdexcept>

namespace weir::bench {
double now_s() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

Consumer::Consumer(const std::string& bootstrap, const std::string& topic, int partitions, const Settings& settings)
    : partitions_(partitions) {
  const Settings defaults{{"bootstrap.servers", bootstrap},
                          {"group.id", "weir-bench"},
                          {"enable.auto.commit", "false"},
                          {"enable.partition.eof", "true"},
                          {"fetch.min.bytes", "1"},
                          {"fetch.error.backoff.ms", "5"},
                          {"topic.metadata.refresh.interval.ms", "-1"}};
  client_ = make_client(RD_KAFKA_CONSUMER, make_conf(defaults, settings));
  rd_kafka_poll_set_consumer(client_);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(partitions);
  for (int partition = 0; partition < partitions; ++partition)
    rd_kafka_topic_partition_list_add(list, topic.c_str(), partition)->offset = RD_KAFKA_OFFSET_BEGINNING;
  rd_kafka_assign(client_, list);
  rd_kafka_topic_partition_list_destroy(list);
}

void Consumer::wait_until_ready() {
  std::set<int> at_end;
  for (const double give_up = now_s() + 30; at_end.size() < static_cast<std::size_t>(partitions_);) {
    if (now_s() > give_up) throw std::runtime_error("the topic cannot be read");
    rd_kafka_message_t* message = rd_kafka_consumer_poll(client_, 50);
    if (message == nullptr) continue;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) at_end.insert(message->partition);
    rd_kafka_message_destroy(message);
  }
}

bool Consumer::next(const std::function<void(std::string_view)>& take) {
  rd_kafka_message_t* message = rd_kafka_consumer_poll(client_, 50);
  if (message == nullptr) return false;
  const bool is_message = message->err == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (is_message) take({static_cast<const char*>(message->payload), message->len});
  rd_kafka_message_destroy(message);
  return is_message;
}

}  // namespace weir::bench
