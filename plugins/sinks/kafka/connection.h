#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "client.h"
#include "partitioner.h"

namespace weir::kafka {

/// A topic whose partitions are known: only then may a key be hashed.
struct Topic {
  TopicHandle handle;
  Partitioner partitioner;
  std::size_t limit;  // bytes of the largest record that is worth trying
  std::optional<Milliseconds> retention =
      std::nullopt;  // it forgets records so long after their timestamp; none: not so, or not known
};

/// What goes to the broker. Views: the value's until its delivery report, the key's and headers' until send() returns.
struct Message {
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  std::int64_t timestamp_ms = -1;  // -1: the broker's
  std::span<const Header> headers;
  void* opaque = nullptr;  // comes back in the report

  /// Of key, value and headers.
  [[nodiscard]] std::size_t bytes() const;
  /// Neither timestamp nor headers, which rd_kafka_message_t has no place for.
  [[nodiscard]] bool is_plain() const { return timestamp_ms < 0 && headers.empty(); }
  [[nodiscard]] rd_kafka_message_t plain(std::int32_t partition) const;
};

/// A client and the topics it writes to. Used by one thread.
class Connection {
 public:
  /// `limit`: of topics whose own is not known.
  Connection(Conf conf, const SecretMask& secrets, Log log, std::size_t limit)
      : client_(std::move(conf), secrets, log), limit_(limit) {}

  [[nodiscard]] const Client& client() const { return client_; }

  /// Null: not found before.
  [[nodiscard]] Topic* known(std::string_view name);
  /// Asks a broker about the topic, waits for the answer, and remembers the topic if it is there.
  [[nodiscard]] rd_kafka_resp_err_t look_up(const std::string& name, Milliseconds timeout);

  /// The number of partitions of a known topic, which records are spread over from now on. Asks a broker and waits for the answer;
  /// without one it stays as it was.
  std::int32_t recount(const std::string& name, Milliseconds timeout);
  /// The names of the known topics.
  [[nodiscard]] std::vector<std::string> topics() const;

  /// Hands a message to librdkafka, with timestamp and headers, which costs a third more time. An error: it was not taken.
  [[nodiscard]] rd_kafka_resp_err_t send(const Topic& topic, std::int32_t partition, const Message& message) const;
  /// Many plain ones at once, for one look at the clock and one lock; each goes to its own partition and tells by `err` whether it was taken.
  /// After RD_KAFKA_RESP_ERR__QUEUE_FULL no further one is.
  static void send(const Topic& topic, std::span<rd_kafka_message_t> messages);

 private:
  Client client_;
  const std::size_t limit_;
  // The handle is kept from the first question on: librdkafka then learns about the topic from each answer it gets.
  std::map<std::string, TopicHandle, std::less<>> asked_;
  std::map<std::string, Topic, std::less<>> topics_;
};

}  // namespace weir::kafka
