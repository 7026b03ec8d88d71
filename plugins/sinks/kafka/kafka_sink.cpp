#include "kafka_sink.h"

#include <algorithm>
#include <thread>

#include "errors.h"

namespace weir::kafka {
namespace {

constexpr Milliseconds kAnswer{250};  // one wait for an answer
constexpr Milliseconds kHurry{2};     // a few requests are made of what lingers
constexpr int kMostEvents = 100;      // in one go

/// Its own and, of the main sink, those that transforms may choose.
std::vector<std::string> topics_at_start(const Context& config) {
  std::vector<std::string> topics{config.topic("topic")};
  if (config.is_dead_letter()) return topics;
  for (std::string& name : config.declared_topics())
    if (name != topics.front()) topics.push_back(std::move(name));
  return topics;
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

KafkaSink::KafkaSink(const Context& config)
    : log_(config.log()),
      acks_(config),
      topics_(topics_at_start(config)),
      topic_(topics_.front()),
      creation_(config),
      key_(config),
      header_fields_(config),
      dead_letters_(config.is_dead_letter()),
      properties_(config),
      old_records_(log_),
      batch_(properties_.batch()) {}

KafkaSink::~KafkaSink() { stop(); }

// --- put ------------------------------------------------------------------------------------------------------------

std::size_t KafkaSink::put(Batch& batch) {
  if (connection_) look_after(Milliseconds(0));  // a failure known by now must not be overtaken
  if (lost_ || !reconnected() || !spread()) return 0;
  outgoing_.clear();
  if (!retentions_.empty()) put_at_ms_ = now_ms();
  std::size_t decided = 0;  // outgoing, sent or refused
  for (Record record : batch) {
    const bool suspects_went = alone_ && alone_left_ == 0;
    if (suspects_went || lost_ || !add(record)) break;
    ++decided;
    if (alone_) --alone_left_;
  }
  hand_over();
  const std::size_t left = outgoing_.size();
  outgoing_.clear();
  if (alone_) alone_left_ += left;
  // Every suspect went: back to whole batches once all have their reports.
  if (alone_ && alone_left_ == 0 && outstanding_ == 0 && !lost_ && decided < batch.size()) forget_client();
  return decided - left;
}

/// False: a topic has new partitions, and what is on its way to the old ones must arrive first.
bool KafkaSink::spread() {
  if (!watch_->saw_growth()) return true;
  if (outstanding_ > 0) return false;
  watch_->take_over(log_);
  return true;
}

/// False: not now; what is outgoing was not taken either, or stands before it.
bool KafkaSink::add(Record& record) {
  Topic* topic = topic_of(record);
  if (topic == nullptr) return false;
  try {
    return add_to(*topic, record, key_.of(record));
  } catch (const DataError& error) {
    if (!hand_over()) return false;  // what is refused counts as taken, so all before it has to be
    record.fail(error);
    return true;
  }
}

/// Null: not yet. A dead letter goes to its sink's topic, wherever it was meant to go before.
Topic* KafkaSink::topic_of(const Record& record) {
  const std::optional<std::string_view> own = dead_letters_ ? std::nullopt : record.topic();
  const std::string_view name = own.value_or(topic_);
  if (Topic* topic = connection_->known(name)) return topic;
  const Clock::time_point now = Clock::now();
  if (now < next_try_) return nullptr;
  next_try_ = now + kAnswer;
  const rd_kafka_resp_err_t error = connection_->look_up(std::string(name), kAnswer);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return connection_->known(name);
  complain("A record waits for its topic. topic=" + std::string(name) + " reason=" + rd_kafka_err2str(error));
  return nullptr;
}

/// At most one a minute.
void KafkaSink::complain(const std::string& text) {
  const Clock::time_point now = Clock::now();
  if (now < complain_again_) return;
  complain_again_ = now + std::chrono::minutes(1);
  log_.warn(text);
}

/// Its own, and the configured ones behind them. Valid until the next call.
std::span<const Header> KafkaSink::headers_of(const Record& record) {
  headers_.clear();
  for (const Header header : record.headers()) headers_.push_back(header);
  header_fields_.append_to(headers_, record);
  return headers_;
}

bool KafkaSink::add_to(Topic& topic, const Record& record, std::optional<std::string_view> key) {
  Message message;
  message.key = key;
  message.value = record.value_bytes();
  message.opaque = record.handle();
  if (const auto timestamp = record.timestamp()) message.timestamp_ms = timestamp->time_since_epoch().count();
  message.headers = headers_of(record);
  const std::size_t bytes = message.bytes();
  if (bytes > topic.limit) throw DataError("record too large");
  if (topic.retention && message.timestamp_ms >= 0)
    old_records_.look_at(rd_kafka_topic_name(topic.handle.get()), *topic.retention, message.timestamp_ms, put_at_ms_);
  const std::optional<std::int32_t> asked = dead_letters_ ? std::nullopt : record.partition();
  const std::int32_t partition = asked ? *asked : topic.partitioner.choose(key, bytes);
  if (partition >= topic.partitioner.count()) throw DataError("the topic has no such partition");
  if (message.is_plain()) {
    if (outgoing_topic_ != &topic && !hand_over()) return false;
    outgoing_topic_ = &topic;
    outgoing_.push_back(message.plain(partition));
    return true;
  }
  return hand_over() && heed(connection_->send(topic, partition, message), record.handle());
}

/// False: librdkafka is full, or was given up; what it did not take stays outgoing.
bool KafkaSink::hand_over() {
  if (outgoing_.empty()) return true;
  if (lost_) return false;
  Connection::send(*outgoing_topic_, outgoing_);
  const auto is_left = [this](const rd_kafka_message_t& message) {
    return !heed(message.err, static_cast<Delivery>(message._private));
  };
  outgoing_.erase(outgoing_.begin(), std::find_if(outgoing_.begin(), outgoing_.end(), is_left));
  return outgoing_.empty() && !lost_;
}

/// What librdkafka says of a record when it is handed over. False: it is full, the record counts as not taken.
bool KafkaSink::heed(rd_kafka_resp_err_t error, Delivery record) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      ++outstanding_;
      return true;
    case RD_KAFKA_RESP_ERR__QUEUE_FULL:
      return false;
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      acks_.refuse(record, "record too large");
      return true;
    default:  // those behind it may have been taken, so it counts as taken too
      acks_.give_back(record, "not delivered");
      ++given_back_;
      lose_client(rd_kafka_err2str(error));
      return true;
  }
}

// --- reports --------------------------------------------------------------------------------------------------------

void KafkaSink::service(Milliseconds timeout) {
  if (!connection_) {
    std::this_thread::sleep_for(std::min(timeout, kAnswer));  // nothing to wait for: put() tries to connect
    return;
  }
  look_after(timeout);
}

/// The host serves a sink only while it holds something: put() does it too.
void KafkaSink::look_after(Milliseconds timeout) {
  drain(timeout);
  if (!denied_.empty()) throw FatalError(denied_);
  if (question_) heard_limits(Milliseconds(0));
  watch_->look(Clock::now());
  if (lost_) give_back_rest();
}

/// librdkafka gives up lingering only as long as somebody waits in a call that reads no reports, so the two take turns.
bool KafkaSink::flush(Milliseconds timeout) {
  const Clock::time_point give_up = Clock::now() + timeout;
  do {
    if (outstanding_ > 0 && !lost_) connection_->client().hurry(kHurry);
    const auto left = std::chrono::ceil<Milliseconds>(give_up - Clock::now());
    if (outstanding_ > 0) service(std::clamp(left, Milliseconds(0), kAnswer));
  } while (outstanding_ > 0 && Clock::now() < give_up);
  return outstanding_ == 0;
}

void KafkaSink::drain(Milliseconds timeout) {
  for (int i = 0; i < kMostEvents; ++i) {
    const Event event = connection_->client().poll(i == 0 ? timeout : Milliseconds(0));
    if (!event) return;
    switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_DR:
        read_reports(event.get());
        break;
      case RD_KAFKA_EVENT_ERROR:
        read_error(event.get());
        break;
      case RD_KAFKA_EVENT_STATS:
        read_statistics(event.get());
        break;
    }
  }
}

void KafkaSink::read_reports(rd_kafka_event_t* event) {
  reports_.resize(rd_kafka_event_message_count(event));
  reports_.resize(rd_kafka_event_message_array(event, reports_.data(), reports_.size()));
  good_.clear();
  failed_.clear();
  for (const rd_kafka_message_t* message : reports_) read_report(*message);
  outstanding_ -= reports_.size();
  given_back_ += failed_.size();
  if (!good_.empty()) {
    delivered_ = true;
    acks_.ok(good_);
  }
  if (!failed_.empty()) acks_.give_back(failed_, "not delivered");
}

void KafkaSink::read_report(const rd_kafka_message_t& message) {
  const auto record = static_cast<Delivery>(message._private);
  if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    good_.push_back(record);
    return;
  }
  if (is_about_records(message.err)) {
    batch_refused_ = !alone_;
    if (alone_) {
      acks_.refuse(record, reason_of(message.err));
      lose_client(rd_kafka_err2str(message.err));
      return;
    }
  }
  failed_.push_back(record);
  if (is_denial(message.err)) deny(rd_kafka_topic_name(message.rkt), rd_kafka_err2str(message.err));
  lose_client(rd_kafka_err2str(message.err));
}

void KafkaSink::read_error(rd_kafka_event_t* event) {
  const rd_kafka_resp_err_t error = rd_kafka_event_error(event);
  const char* text = rd_kafka_event_error_string(event);
  if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || last_error_.empty())
    last_error_ = properties_.secrets().mask(text == nullptr ? rd_kafka_err2str(error) : text);
  if (is_login_refusal(error)) login_refused_ = true;
  if (error == RD_KAFKA_RESP_ERR__FATAL) lose_client(last_error_);
}

void KafkaSink::read_statistics(rd_kafka_event_t* event) const {
  if (!log_.enabled(WEIR_LOG_DEBUG)) return;
  log_.debug("librdkafka statistics: " + properties_.secrets().mask(rd_kafka_event_stats(event)));
}

/// Final only before anything was delivered: rights may come back.
void KafkaSink::deny(const std::string& topic, const std::string& why) {
  if (!delivered_) denied_ = "no right to write to topic '" + topic + "': " + why;
}

}  // namespace weir::kafka
