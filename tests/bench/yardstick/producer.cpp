#include "producer.h"

#include <stdexcept>

namespace weir::bench {
Producer::Producer(const std::string& bootstrap, const std::string& topic, const Settings& settings) {
  const Settings defaults{{"bootstrap.servers", bootstrap},
                          {"acks", "all"},
                          {"enable.idempotence", "true"},
                          {"message.timeout.ms", "0"},
                          {"compression.type", "lz4"},
                          {"linger.ms", "20"},
                          {"batch.size", "1000000"},
                          {"queue.buffering.max.kbytes", "131072"},
                          {"queue.buffering.max.messages", "200000"},
                          {"partitioner", "murmur2_random"}};
  rd_kafka_conf_t* conf = make_conf(defaults, settings);
  rd_kafka_conf_set_opaque(conf, this);
  rd_kafka_conf_set_dr_msg_cb(conf, [](rd_kafka_t*, const rd_kafka_message_t* message, void* self) {
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) ++static_cast<Producer*>(self)->acknowledged_;
  });
  client_ = make_client(RD_KAFKA_PRODUCER, conf);
  topic_ = rd_kafka_topic_new(client_, topic.c_str(), nullptr);
}

void Producer::send(std::string_view key, std::string_view value) {
  while (rd_kafka_produce(topic_, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, const_cast<char*>(value.data()),
                          value.size(), key.data(), key.size(), nullptr) != 0) {
    if (rd_kafka_last_error() != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      throw std::runtime_error(rd_kafka_err2str(rd_kafka_last_error()));
    poll(20);
  }
  if ((++sent_ & 255) == 0) poll(0);
}

}  // namespace weir::bench
