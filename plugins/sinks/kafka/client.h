#pragma once
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <weir/log.hpp>

#include "properties.h"

namespace weir::kafka {

using Milliseconds = std::chrono::milliseconds;

struct DestroyEvent {
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
using Event = std::unique_ptr<rd_kafka_event_t, DestroyEvent>;

struct DestroyQueue {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};
using EventQueue = std::unique_ptr<rd_kafka_queue_t, DestroyQueue>;

struct DestroyTopic {
  void operator()(rd_kafka_topic_t* topic) const { rd_kafka_topic_destroy(topic); }
};
using TopicHandle = std::unique_ptr<rd_kafka_topic_t, DestroyTopic>;

struct DestroyAdminOptions {
  void operator()(rd_kafka_AdminOptions_t* options) const { rd_kafka_AdminOptions_destroy(options); }
};
using AdminOptions = std::unique_ptr<rd_kafka_AdminOptions_t, DestroyAdminOptions>;

/// One librdkafka producer. Its log lines go to the instance's log from the library's own threads, without secrets; everything else
/// comes as events to the one thread that uses it. Destroying it throws away what it still holds: purge and poll first.
class Client {
 public:
  /// Throws FatalError when librdkafka refuses the properties, for example because a certificate cannot be read. `secrets` and what
  /// `log` refers to outlive the client.
  Client(Conf conf, const SecretMask& secrets, Log log);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// The next event, null if none came in time: delivery reports, errors, statistics.
  [[nodiscard]] Event poll(Milliseconds timeout) const;

  /// For so long nothing waits for linger.ms. It returns sooner only when all reports were read before.
  void hurry(Milliseconds time) const;

  [[nodiscard]] rd_kafka_t* handle() const { return client_.get(); }
  [[nodiscard]] TopicHandle topic(const std::string& name) const;
  struct Found {
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    std::int32_t partitions = 0;
  };
  /// Asks a broker about a topic. Waits for the answer.
  [[nodiscard]] Found find(rd_kafka_topic_t* topic, Milliseconds timeout) const;

  /// Of an admin request that fails when it has no answer in time.
  [[nodiscard]] AdminOptions admin_options(rd_kafka_admin_op_t request, Milliseconds timeout) const;

  /// Why the producer died, and the error beneath; empty: it lives.
  struct Death {
    rd_kafka_resp_err_t error;
    std::string text;
  };
  [[nodiscard]] std::optional<Death> death() const;
  /// Fails what it holds, each message with a report: what was not sent yet, and with `in_flight` also what waits for an answer.
  void purge(bool in_flight) const;

 private:
  struct DestroyClient {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
  };
  struct LogHome {  // its address is the client's opaque
    const SecretMask* secrets;
    Log log;
  };

  static void write_log(const rd_kafka_t* client, int level, const char* facility, const char* text);

  LogHome log_;
  std::unique_ptr<rd_kafka_t, DestroyClient> client_;
  EventQueue events_;
};

}  // namespace weir::kafka
