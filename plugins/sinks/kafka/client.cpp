#include "client.h"

#include <array>

namespace weir::kafka {
namespace {

/// What librdkafka calls an error it, or the sink, gets over: a warning for us. Its levels are those of syslog.
int level_of(int syslog, std::string_view text) {
  if (text.find("enable.gapless.guarantee is experimental") != std::string_view::npos)
    return WEIR_LOG_DEBUG;  // our choice
  if (syslog <= 4) return WEIR_LOG_WARN;
  return syslog <= 6 ? WEIR_LOG_INFO : WEIR_LOG_DEBUG;
}

}  // namespace

Client::Client(Conf conf, const SecretMask& secrets, Log log) : log_{&secrets, log} {
  rd_kafka_conf_set_opaque(conf.get(), &log_);
  rd_kafka_conf_set_log_cb(conf.get(), &write_log);
  rd_kafka_conf_set_events(conf.get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS);
  std::array<char, 512> why{};
  client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), why.data(), why.size()));
  if (!client_) throw FatalError("librdkafka does not start: " + secrets.mask(why.data()));
  static_cast<void>(conf.release());  // the producer owns it now
  events_.reset(rd_kafka_queue_get_main(client_.get()));
}

void Client::write_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  if (client == nullptr) return;
  const auto* home = static_cast<const LogHome*>(rd_kafka_opaque(client));
  const int ours = level_of(level, text);
  if (!home->log.enabled(ours)) return;
  home->log.write(ours, home->secrets->mask(std::string("librdkafka ") + facility + ": " + text));
}

Event Client::poll(Milliseconds timeout) const {
  return Event(rd_kafka_queue_poll(events_.get(), static_cast<int>(timeout.count())));
}

void Client::hurry(Milliseconds time) const { rd_kafka_flush(client_.get(), static_cast<int>(time.count())); }

TopicHandle Client::topic(const std::string& name) const {
  TopicHandle topic(rd_kafka_topic_new(client_.get(), name.c_str(), nullptr));
  if (!topic) throw FatalError("topic '" + name + "': " + rd_kafka_err2str(rd_kafka_last_error()));
  return topic;
}

Client::Found Client::find(rd_kafka_topic_t* topic, Milliseconds timeout) const {
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t error =
      rd_kafka_metadata(client_.get(), 0, topic, &metadata, static_cast<int>(timeout.count()));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return {error, 0};
  Found found{RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, 0};
  if (metadata->topic_cnt == 1) found = {metadata->topics[0].err, metadata->topics[0].partition_cnt};
  rd_kafka_metadata_destroy(metadata);
  if (found.error == RD_KAFKA_RESP_ERR_NO_ERROR && found.partitions <= 0)
    found.error = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
  return found;
}

AdminOptions Client::admin_options(rd_kafka_admin_op_t request, Milliseconds timeout) const {
  AdminOptions options(rd_kafka_AdminOptions_new(client_.get(), request));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), static_cast<int>(timeout.count()), nullptr, 0);
  return options;
}

std::optional<Client::Death> Client::death() const {
  std::array<char, 512> text{};
  const rd_kafka_resp_err_t error = rd_kafka_fatal_error(client_.get(), text.data(), text.size());
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return std::nullopt;
  return Death{error, log_.secrets->mask(text.data())};
}

void Client::purge(bool in_flight) const {
  const int what = RD_KAFKA_PURGE_F_QUEUE | (in_flight ? RD_KAFKA_PURGE_F_INFLIGHT : 0);
  rd_kafka_purge(client_.get(), what | RD_KAFKA_PURGE_F_NON_BLOCKING);
}

}  // namespace weir::kafka
