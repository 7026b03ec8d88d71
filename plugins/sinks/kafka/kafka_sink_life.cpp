#include <algorithm>
#include <thread>

#include "errors.h"
#include "kafka_sink.h"

namespace weir::kafka {
namespace {

constexpr Milliseconds kAnswer{250};          // one wait for an answer
constexpr Milliseconds kPromptAnswer{10};     // for one that records are not worth holding up for
constexpr Milliseconds kStartPatience{1000};  // one start(); the host tries again
constexpr Milliseconds kAdminPatience{2000};
constexpr int kConvincing = 3;                   // answers in a row that say no
constexpr Milliseconds kInFlightPatience{1000};  // for answers on their way, when a client is given up
constexpr Milliseconds kStopPatience{10'000};
constexpr std::size_t kSmallestBatch = 16u << 10;
constexpr std::size_t kUsualLimit = 1'048'588;  // Kafka's own max.message.bytes
}  // namespace

// --- start ----------------------------------------------------------------------------------------------------------

void KafkaSink::start() {
  meet_topics();
  if (!fit_batches()) {
    forget_client();
    meet_topics();
  }
  if (!limits_known_) heed_limits();
  started_ = true;
  given_back_ = 0;
}

void KafkaSink::meet_topics() {
  if (!connection_) connect();
  if (!limits_known_) ask_for_limits();
  find_topics();
}

/// False: the client gathers more than the topics' partitions get. Many small records alone are not worth another client.
bool KafkaSink::fit_batches() {
  std::int32_t partitions = 0;
  for (const std::string& topic : topics_) partitions += connection_->known(topic)->partitioner.count();
  const BatchSize fitting = properties_.batch_for(partitions);
  if (fitting.bytes >= batch_.bytes) return true;
  batch_ = fitting;
  return false;
}

void KafkaSink::connect() {
  login_refused_ = false;
  try {
    connection_ = std::make_unique<Connection>(properties_.make_conf({batch_.bytes, alone_ ? 1 : batch_.messages}),
                                               properties_.secrets(), log_, properties_.max_message_bytes());
  } catch (const FatalError& error) {
    refuse_start(error.what());
  }
  watch_ = std::make_unique<PartitionWatch>(*connection_, properties_.refresh_interval());
}

/// What is final at the first start may change while the pipeline runs: a password, a certificate, a topic.
void KafkaSink::refuse_start(const std::string& why) const {
  if (started_) throw RetryError(why);
  throw FatalError(why);
}

void KafkaSink::find_topics() {
  for (const std::string& topic : topics_) find_topic(topic);
  heed_known_limits();
}

void KafkaSink::find_topic(const std::string& name) {
  const Clock::time_point give_up = Clock::now() + kStartPatience;
  bool created = false;
  for (int refusals = 0; refusals > 0 || Clock::now() < give_up;) {
    const rd_kafka_resp_err_t error = connection_->look_up(name, kAnswer);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    drain(Milliseconds(0));
    if (login_refused_) refuse_start("the broker refuses the log-in: " + last_error_);
    if (created) {  // and the brokers tell each other
      std::this_thread::sleep_for(kPromptAnswer);
      continue;
    }
    if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART && creation_.wanted() && !started_) {
      create_topic(name);
      created = true;
      refusals = 0;
      continue;
    }
    refusals = is_about_topic(error) ? refusals + 1 : 0;
    if (refusals == kConvincing) refuse_start("topic '" + name + "': " + rd_kafka_err2str(error));
    if (refusals > 0) std::this_thread::sleep_for(kAnswer);
  }
  throw RetryError("no broker tells about topic '" + name + "'" + (last_error_.empty() ? "" : ": " + last_error_));
}

void KafkaSink::create_topic(const std::string& name) {
  const TopicCreation::Answer answer = creation_.create(connection_->client(), name, kAdminPatience);
  const std::string what = "topic '" + name + "' cannot be created: " + properties_.secrets().mask(answer.text);
  if (is_about_creation(answer.error)) refuse_start(what);
  if (answer.error != RD_KAFKA_RESP_ERR_NO_ERROR) throw RetryError(what);
  log_.info("Created the topic. topic=" + name);
  if (!limits_known_) ask_for_limits();  // what was asked before is about a topic that was not there
}

// --- how large a record may be --------------------------------------------------------------------------------------

void KafkaSink::ask_for_limits() {
  question_ = std::make_unique<LimitQuestion>(connection_->client(), topics_, kAdminPatience);
}

/// A cluster that gives no answer must not hold up the records, unless their batches are larger than topics usually take.
void KafkaSink::heed_limits() {
  const std::size_t before = batch_.bytes;
  if (!heard_limits(before > kUsualLimit ? kAnswer : kPromptAnswer) || batch_.bytes == before) return;
  forget_client();
  meet_topics();
}

bool KafkaSink::heard_limits(Milliseconds timeout) {
  const auto limits = question_->answer(timeout);
  if (!limits) return false;
  question_.reset();
  limits_known_ = true;
  for (const auto& [topic, limit] : *limits) {
    if (limit.retention) retentions_[topic] = *limit.retention;
    if (limit.bytes) {
      limits_[topic] = *limit.bytes;
      batch_.bytes = std::max<std::size_t>(std::min(batch_.bytes, *limit.bytes), 1);  // fuller ones would be refused
    } else {
      log_.warn(
          "The cluster does not tell the topic's max.message.bytes; records it refuses are found one by one. topic=" +
          topic + " reason=" + limit.why_not);
    }
  }
  heed_known_limits();
  return true;
}

void KafkaSink::heed_known_limits() {
  for (const auto& [name, limit] : limits_)
    if (Topic* topic = connection_->known(name)) topic->limit = std::min(topic->limit, limit);
  for (const auto& [name, retention] : retentions_)
    if (Topic* topic = connection_->known(name)) topic->retention = retention;
}

// --- a client that failed -------------------------------------------------------------------------------------------

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

void KafkaSink::lose_client(const std::string& why) {
  if (lost_) return;
  lost_ = true;
  lost_since_ = Clock::now();
  const std::optional<Client::Death> death = connection_->client().death();
  if (death && is_denial(death->error)) deny(topic_, death->text);
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
  watch_.reset();
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
