#include "kafka_sink.h"

#include <algorithm>
#include <thread>

#include "errors.h"

namespace weir::kafka {
namespace {

constexpr Milliseconds kAnswer{250};          // one wait for an answer
constexpr Milliseconds kPromptAnswer{10};     // for one that records are not worth holding up for
constexpr Milliseconds kHurry{2};             // a few requests are made of what lingers
constexpr Milliseconds kStartPatience{1000};  // one start(); the host tries again
constexpr Milliseconds kAdminPatience{2000};
constexpr int kConvincing = 3;                   // answers in a row that say no
constexpr Milliseconds kInFlightPatience{1000};  // for answers on their way, when a client is given up
constexpr Milliseconds kStopPatience{10'000};
constexpr std::size_t kSmallestBatch = 16u << 10;
constexpr std::size_t kUsualLimit = 1'048'588;  // Kafka's own max.message.bytes
constexpr int kMostEvents = 100;                // in one go

}  // namespace

KafkaSink::KafkaSink(const Context& config)
    : log_(config.log()),
      acks_(config),
      topic_(config.topic("topic")),
      key_(config),
      header_fields_(config),
      dead_letters_(config.is_dead_letter()),
      properties_(config),
      limit_(properties_.max_message_bytes()),
      batch_(properties_.batch()) {}

KafkaSink::~KafkaSink() { stop(); }

// --- start ----------------------------------------------------------------------------------------------------------

void KafkaSink::start() {
  meet_topic();
  if (!fit_batches()) {
    forget_client();
    meet_topic();
  }
  if (!limit_known_) heed_limit();
  started_ = true;
  given_back_ = 0;
}

void KafkaSink::meet_topic() {
  if (!connection_) connect();
  if (!limit_known_) question_ = std::make_unique<LimitQuestion>(connection_->client(), topic_, kAdminPatience);
  find_own_topic();
}

/// False: the client gathers more than the topic's partitions get. Many small records alone are not worth another client.
bool KafkaSink::fit_batches() {
  const BatchSize fitting = properties_.batch_for(connection_->known(topic_)->partitioner.count());
  if (fitting.bytes >= batch_.bytes) return true;
  batch_ = fitting;
  return false;
}

void KafkaSink::connect() {
  login_refused_ = false;
  try {
    connection_ = std::make_unique<Connection>(properties_.make_conf({batch_.bytes, alone_ ? 1 : batch_.messages}),
                                               properties_.secrets(), log_);
  } catch (const FatalError& error) {
    refuse_start(error.what());
  }
}

/// What is final at the first start may change while the pipeline runs: a password, a certificate, a topic.
void KafkaSink::refuse_start(const std::string& why) const {
  if (started_) throw RetryError(why);
  throw FatalError(why);
}

void KafkaSink::find_own_topic() {
  const Clock::time_point give_up = Clock::now() + kStartPatience;
  for (int refusals = 0; refusals > 0 || Clock::now() < give_up;) {
    const rd_kafka_resp_err_t error = connection_->look_up(topic_, kAnswer);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    drain(Milliseconds(0));
    if (login_refused_) refuse_start("the broker refuses the log-in: " + last_error_);
    refusals = is_about_topic(error) ? refusals + 1 : 0;
    if (refusals == kConvincing) refuse_start("topic '" + topic_ + "': " + rd_kafka_err2str(error));
    if (refusals > 0) std::this_thread::sleep_for(kAnswer);
  }
  throw RetryError("no broker tells about topic '" + topic_ + "'" + (last_error_.empty() ? "" : ": " + last_error_));
}

/// A cluster that gives no answer must not hold up the records, unless their batches are larger than topics usually take.
void KafkaSink::heed_limit() {
  const std::size_t before = batch_.bytes;
  if (!heard_limit(before > kUsualLimit ? kAnswer : kPromptAnswer) || batch_.bytes == before) return;
  forget_client();
  meet_topic();
}

bool KafkaSink::heard_limit(Milliseconds timeout) {
  const std::optional<Limit> limit = question_->answer(timeout);
  if (!limit) return false;
  question_.reset();
  limit_known_ = true;
  if (limit->bytes) {
    limit_ = std::min(limit_, *limit->bytes);
    batch_.bytes = std::max<std::size_t>(std::min(batch_.bytes, *limit->bytes), 1);  // fuller ones would be refused
  } else {
    log_.warn(
        "The cluster does not tell the topic's max.message.bytes; records it refuses are found one by one. topic=" +
        topic_ + " reason=" + limit->why_not);
  }
  return true;
}

/// After a client was lost with nothing to give back the host does not start the sink again: it does so itself.
bool KafkaSink::reconnected() {
  if (connection_) return true;
  const Clock::time_point now = Clock::now();
  if (given_back_ > 0 || !started_ || now < next_try_) return false;
  next_try_ = now + kStartPatience;
  try {
    start();
    return true;
  } catch (const std::exception& error) {
    complain("Kafka is not there; trying again. reason=" + std::string(error.what()));
    return false;
  }
}

// --- put ------------------------------------------------------------------------------------------------------------

std::size_t KafkaSink::put(Batch& batch) {
  if (connection_) look_after(Milliseconds(0));  // a failure known by now must not be overtaken
  if (lost_ || !reconnected()) return 0;
  outgoing_.clear();
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
  if (bytes > limit_) throw DataError("record too large");
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
  if (question_) heard_limit(Milliseconds(0));
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
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) read_reports(event.get());
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) read_error(event.get());
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
  if (is_denial(message.err)) deny(rd_kafka_err2str(message.err));
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

/// Final only before anything was delivered: rights may come back.
void KafkaSink::deny(const std::string& why) {
  if (!delivered_) denied_ = "no right to write to topic '" + topic_ + "': " + why;
}

// --- a client that failed -------------------------------------------------------------------------------------------

void KafkaSink::lose_client(const std::string& why) {
  if (lost_) return;
  lost_ = true;
  lost_since_ = Clock::now();
  const std::optional<Client::Death> death = connection_->client().death();
  if (death && is_denial(death->error)) deny(death->text);
  log_.warn("Delivery failed; starting over with what is not acknowledged. reason=" + (death ? death->text : why));
}

/// What was not sent fails at once; what was sent gets a moment for its answer, so that less of it arrives twice.
void KafkaSink::give_back_rest() {
  connection_->client().purge(Clock::now() - lost_since_ > kInFlightPatience);
  drain(Milliseconds(0));
  if (outstanding_ == 0) forget_client();
}

void KafkaSink::forget_client() {
  if (lost_ && batch_refused_) {
    batch_.bytes = std::max(std::min(kSmallestBatch, batch_.bytes), batch_.bytes / 2);
    alone_ = true;
  } else if (alone_left_ == 0) {
    alone_ = false;
  }
  if (alone_ && lost_) alone_left_ += given_back_;
  lost_ = false;
  batch_refused_ = false;
  question_.reset();
  connection_.reset();
}

void KafkaSink::stop() {
  if (!connection_) return;
  const Clock::time_point give_up = Clock::now() + kStopPatience;
  while (outstanding_ > 0 && Clock::now() < give_up) {
    connection_->client().purge(true);
    drain(kAnswer);
  }
  forget_client();
}

}  // namespace weir::kafka
