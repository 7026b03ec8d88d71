#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <weir/sink.hpp>

#include "connection.h"
#include "header_fields.h"
#include "key_field.h"
#include "limit_question.h"
#include "partition_watch.h"
#include "properties.h"
#include "retention_notice.h"
#include "topic_creation.h"

namespace weir::kafka {

/// Delivers records to Kafka: idempotent, acknowledged by all in-sync replicas, for as long as it takes.
///
/// Whatever goes wrong with a client ends that client and never the data: all it holds is given back, the host stops and starts the
/// sink and puts again in order. librdkafka's gapless guarantee makes sure that nothing overtakes a message that failed.
class KafkaSink {
 public:
  static constexpr auto name = "kafka";
  static constexpr auto version = "0.1.0";
  static constexpr auto summary =
      "Writes records to a Kafka topic: idempotent, acknowledged by all replicas, in order per key.";
  static constexpr auto details =
      "The partition is the one that Kafka's Java client would choose for the key. `config` takes librdkafka's own "
      "properties, such as `bootstrap.servers` (required), `security.protocol`, `sasl.password`, `linger.ms`. "
      "`batch.size` is lowered where the pipeline's `memory` has no room for two such batches a partition. "
      "Passwords and keys among them are never shown. Refused are those that load code, run commands, or could lose or "
      "reorder records. A topic that is missing at the start, its own or one that a transform names, ends the start, "
      "unless "
      "`create_topic` makes it. A topic may get more partitions while a pipeline runs. Paths in `config` are "
      "librdkafka's: relative ones are relative to the working directory.";
  static constexpr auto fields = weir::fields(
      weir::required("topic", weir::Type::topic, "The topic of records that carry none of their own."),
      weir::optional(
          "key", weir::Type::path,
          "Path of the field that is the key: a text, or a number as written; null, missing or empty: no key. "
          "Without it, and for tombstones, the record's own key."),
      weir::optional(
          "headers", weir::map(weir::Type::json),
          "Headers for every record, behind its own: `NAME: text`, or `NAME: {field: PATH}` for what the value "
          "holds there: a text, or a number or boolean as written; null or missing: no header."),
      weir::optional(
          "create_topic",
          weir::fields(weir::optional("partitions", weir::Type::integer,
                                      "How many partitions. If not given: what the cluster gives new topics."),
                       weir::optional("replication_factor", weir::Type::integer,
                                      "How many replicas of each. If not given: what the cluster gives.")),
          "Topics that are missing at the start are made. Without it they end the start."),
      weir::required("config", weir::map(weir::Type::json), "librdkafka's properties, under their own names."));
  static constexpr bool durable = true;
  static constexpr bool reads_document = true;

  explicit KafkaSink(const Context& config);
  ~KafkaSink();

  void start();
  std::size_t put(Batch& batch);
  void service(Milliseconds timeout);
  bool flush(Milliseconds timeout);
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  void connect();
  void meet_topics();
  bool fit_batches();
  [[noreturn]] void refuse_start(const std::string& why) const;
  void find_topics();
  void find_topic(const std::string& name);
  void create_topic(const std::string& name);
  void ask_for_limits();
  void heed_limits();
  bool heard_limits(Milliseconds timeout);
  void heed_known_limits();
  bool reconnected();
  void complain(const std::string& text);

  bool spread();
  bool add(Record& record);
  Topic* topic_of(const Record& record);
  std::span<const Header> headers_of(const Record& record);
  bool add_to(Topic& topic, const Record& record, std::optional<std::string_view> key);
  bool hand_over();
  bool heed(rd_kafka_resp_err_t error, Delivery record);

  void look_after(Milliseconds timeout);
  void drain(Milliseconds timeout);
  void read_reports(rd_kafka_event_t* event);
  void read_report(const rd_kafka_message_t& message);
  void read_error(rd_kafka_event_t* event);
  void read_statistics(rd_kafka_event_t* event) const;
  void deny(const std::string& topic, const std::string& why);
  void lose_client(const std::string& why);
  void give_back_rest();
  void forget_client();

  const Log log_;
  const Acks acks_;
  const std::vector<std::string> topics_;  // that have to be there; the first is its own
  const std::string& topic_;
  const TopicCreation creation_;
  const KeyField key_;
  const HeaderFields header_fields_;
  const bool dead_letters_;
  const Properties properties_;

  std::unique_ptr<Connection> connection_;   // null: none, start() or put() makes one
  std::unique_ptr<PartitionWatch> watch_;    // of connection_
  std::unique_ptr<LimitQuestion> question_;  // while its answer is awaited; not without connection_
  std::size_t outstanding_ = 0;              // taken, without report
  std::map<std::string, std::size_t>
      limits_;  // bytes of the largest record that is worth trying, of topics that are known to have one
  std::map<std::string, Milliseconds> retentions_;  // of topics that are known to have one
  RetentionNotice old_records_;
  std::int64_t put_at_ms_ = 0;  // wall clock of the latest put, where a topic has a retention
  BatchSize batch_;             // of the next client
  bool started_ = false;        // start() succeeded once: what fails now may come back
  bool delivered_ = false;      // some record reached the broker
  bool limits_known_ = false;   // or known not to be known
  std::string denied_;          // why writing is not allowed, before anything was delivered
  std::string last_error_;      // what the client complained of last
  bool login_refused_ = false;

  // A client that failed.
  bool lost_ = false;
  Clock::time_point lost_since_{};
  std::size_t given_back_ = 0;  // since it failed
  bool batch_refused_ = false;
  Clock::time_point next_try_{};
  Clock::time_point complain_again_{};

  // After a batch was refused, each of its records goes in a batch of its own, and what is refused alone is the one.
  bool alone_ = false;
  std::size_t alone_left_ = 0;

  std::vector<rd_kafka_message_t> outgoing_;  // of this put, one after the other; not with librdkafka yet
  const Topic* outgoing_topic_ = nullptr;

  std::vector<Header> headers_;  // of the record that is added
  std::vector<const rd_kafka_message_t*> reports_;
  std::vector<Delivery> good_;
  std::vector<Delivery> failed_;
};

}  // namespace weir::kafka
