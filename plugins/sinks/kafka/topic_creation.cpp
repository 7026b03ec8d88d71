#include "topic_creation.h"

#include <array>
#include <limits>
#include <memory>

namespace weir::kafka {
namespace {

constexpr std::int64_t kMostPartitions = 100'000;                                 // librdkafka's limit
constexpr std::int64_t kMostReplicas = std::numeric_limits<std::int16_t>::max();  // of the protocol

struct DestroyNewTopic {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
};
using NewTopic = std::unique_ptr<rd_kafka_NewTopic_t, DestroyNewTopic>;

int number(const Context& fields, const char* name, std::int64_t most, int otherwise) {
  if (!fields.has(name)) return otherwise;
  const std::int64_t number = fields.integer(name);
  if (number < 1 || number > most) throw fields.error(name, "must be 1 to " + std::to_string(most));
  return static_cast<int>(number);
}

TopicCreation::Answer answer_of(rd_kafka_event_t* event) {
  if (const rd_kafka_resp_err_t error = rd_kafka_event_error(event); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {error, rd_kafka_event_error_string(event)};
  std::size_t count = 0;
  const rd_kafka_topic_result_t** topics =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  if (count != 1) return {RD_KAFKA_RESP_ERR__BAD_MSG, "the answer is about no topic"};
  const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(topics[0]);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) return {};
  const char* text = rd_kafka_topic_result_error_string(topics[0]);
  return {error, text == nullptr ? rd_kafka_err2str(error) : text};
}

}  // namespace

TopicCreation::TopicCreation(const Context& config) : wanted_(config.has("create_topic")) {
  if (!wanted_) return;
  const Context fields = config.object("create_topic");
  partitions_ = number(fields, "partitions", kMostPartitions, kClusterDecides);
  replication_factor_ = number(fields, "replication_factor", kMostReplicas, kClusterDecides);
}

TopicCreation::Answer TopicCreation::create(const Client& client, const std::string& name, Milliseconds timeout) const {
  std::array<char, 512> why{};
  const NewTopic topic(rd_kafka_NewTopic_new(name.c_str(), partitions_, replication_factor_, why.data(), why.size()));
  if (!topic) return {RD_KAFKA_RESP_ERR__INVALID_ARG, why.data()};
  const EventQueue answers(rd_kafka_queue_new(client.handle()));
  const AdminOptions options = client.admin_options(RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout);
  rd_kafka_NewTopic_t* made = topic.get();
  rd_kafka_CreateTopics(client.handle(), &made, 1, options.get(), answers.get());
  // The request answers with an error when its own time is up: a little before ours.
  const Event event(rd_kafka_queue_poll(answers.get(), static_cast<int>(2 * timeout.count())));
  if (!event) return {RD_KAFKA_RESP_ERR__TIMED_OUT, "no answer"};
  return answer_of(event.get());
}

}  // namespace weir::kafka
