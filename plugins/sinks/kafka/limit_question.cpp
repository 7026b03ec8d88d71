#include "limit_question.h"

#include <charconv>

namespace weir::kafka {
namespace {

template <typename Number>
std::optional<Number> number_of(std::string_view digits) {
  Number number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// The properties of a topic by name.
std::map<std::string_view, std::string_view> properties_of(const rd_kafka_ConfigResource_t* topic) {
  std::map<std::string_view, std::string_view> properties;
  std::size_t count = 0;
  const rd_kafka_ConfigEntry_t** entries = rd_kafka_ConfigResource_configs(topic, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    if (value != nullptr) properties[rd_kafka_ConfigEntry_name(entries[i])] = value;
  }
  return properties;
}

/// Negative: it keeps them for ever. A topic that is only compacted, or stamps records when they arrive, forgets none by its own age.
std::optional<Milliseconds> retention_of(const std::map<std::string_view, std::string_view>& properties) {
  const auto value = [&](std::string_view name) {
    const auto found = properties.find(name);
    return found == properties.end() ? std::string_view() : found->second;
  };
  if (value("cleanup.policy").find("delete") == std::string_view::npos) return std::nullopt;
  if (value("message.timestamp.type") != "CreateTime") return std::nullopt;
  const auto retention = number_of<std::int64_t>(value("retention.ms"));
  if (!retention || *retention < 0) return std::nullopt;
  return Milliseconds(*retention);
}

Limit limit_of(const rd_kafka_ConfigResource_t* topic) {
  if (const rd_kafka_resp_err_t error = rd_kafka_ConfigResource_error(topic); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return {std::nullopt, rd_kafka_err2str(error), std::nullopt};
  const auto properties = properties_of(topic);
  const auto retention = retention_of(properties);
  const auto bytes = properties.find("max.message.bytes");
  if (bytes == properties.end()) return {std::nullopt, "the answer lacks max.message.bytes", retention};
  return {number_of<std::size_t>(bytes->second), "max.message.bytes is no number", retention};
}

std::map<std::string, Limit> limits_of(rd_kafka_event_t* event, const std::vector<std::string>& topics) {
  const rd_kafka_resp_err_t error = rd_kafka_event_error(event);
  std::map<std::string, Limit> limits;
  for (const std::string& topic : topics)
    limits[topic] = {std::nullopt, error != RD_KAFKA_RESP_ERR_NO_ERROR ? rd_kafka_err2str(error) : "no answer about it",
                     std::nullopt};
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return limits;
  std::size_t count = 0;
  const rd_kafka_ConfigResource_t** resources =
      rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &count);
  for (std::size_t i = 0; i < count; ++i) limits[rd_kafka_ConfigResource_name(resources[i])] = limit_of(resources[i]);
  return limits;
}

}  // namespace

LimitQuestion::LimitQuestion(const Client& client, std::vector<std::string> topics, Milliseconds patience)
    : topics_(std::move(topics)), answers_(rd_kafka_queue_new(client.handle())) {
  std::vector<rd_kafka_ConfigResource_t*> about;
  for (const std::string& topic : topics_)
    about.push_back(rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  const AdminOptions options = client.admin_options(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, patience);
  rd_kafka_DescribeConfigs(client.handle(), about.data(), about.size(), options.get(), answers_.get());
  rd_kafka_ConfigResource_destroy_array(about.data(), about.size());
}

std::optional<std::map<std::string, Limit>> LimitQuestion::answer(Milliseconds timeout) const {
  const Event event(rd_kafka_queue_poll(answers_.get(), static_cast<int>(timeout.count())));
  if (!event) return std::nullopt;
  return limits_of(event.get(), topics_);
}

}  // namespace weir::kafka
