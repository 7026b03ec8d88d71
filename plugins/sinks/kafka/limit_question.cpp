#include "limit_question.h"

#include <charconv>

namespace weir::kafka {
namespace {

std::optional<std::size_t> number_of(const char* text) {
  if (text == nullptr) return std::nullopt;
  const std::string_view digits(text);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// Reads max.message.bytes from the answer about one topic.
Limit limit_of(rd_kafka_event_t* event) {
  if (const rd_kafka_resp_err_t error = rd_kafka_event_error(event); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {std::nullopt, rd_kafka_err2str(error)};
  const rd_kafka_DescribeConfigs_result_t* result = rd_kafka_event_DescribeConfigs_result(event);
  std::size_t count = 0;
  const rd_kafka_ConfigResource_t** topics = rd_kafka_DescribeConfigs_result_resources(result, &count);
  if (count != 1) return {std::nullopt, "the answer is about no topic"};
  if (const rd_kafka_resp_err_t error = rd_kafka_ConfigResource_error(topics[0]); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {std::nullopt, rd_kafka_err2str(error)};
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(topics[0], &count);
  for (std::size_t i = 0; i < count; ++i)
    if (rd_kafka_ConfigEntry_name(entries[i]) == std::string_view("max.message.bytes"))
      return {number_of(rd_kafka_ConfigEntry_value(entries[i])), "max.message.bytes is no number"};
  return {std::nullopt, "the answer lacks max.message.bytes"};
}

}  // namespace

LimitQuestion::LimitQuestion(const Client& client, const std::string& topic, Milliseconds patience)
    : answers_(rd_kafka_queue_new(client.handle())) {
  rd_kafka_ConfigResource_t* about = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str());
  rd_kafka_AdminOptions_t* options = rd_kafka_AdminOptions_new(client.handle(), RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  rd_kafka_AdminOptions_set_request_timeout(options, static_cast<int>(patience.count()), nullptr, 0);
  rd_kafka_DescribeConfigs(client.handle(), &about, 1, options, answers_.get());
  rd_kafka_AdminOptions_destroy(options);
  rd_kafka_ConfigResource_destroy(about);
}

std::optional<Limit> LimitQuestion::answer(Milliseconds timeout) {
  const Event event(rd_kafka_queue_poll(answers_.get(), static_cast<int>(timeout.count())));
  if (!event) return std::nullopt;
  return limit_of(event.get());
}

}  // namespace weir::kafka
