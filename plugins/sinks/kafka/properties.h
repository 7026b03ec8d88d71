#pragma once
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <weir/context.hpp>

#include "secret_mask.h"

namespace weir::kafka {

struct DestroyConf {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, DestroyConf>;

/// How much goes to a broker at once: what ends the gathering of a batch before linger.ms does.
struct BatchSize {
  std::size_t bytes;
  std::size_t messages;
};

/// The `config:` of a sink, checked: librdkafka's properties over our own defaults. Refused are those that load code or run commands,
/// and those that would break a promise. Reads no file and opens no connection.
class Properties {
 public:
  /// Reports every property that is refused, then throws the first ConfigError; no secret in their texts. [control]
  explicit Properties(const Context& config);

  /// A copy for one client, whose librdkafka batches hold at most so much.
  [[nodiscard]] Conf make_conf(BatchSize batch) const;
  /// batch.size and batch.num.messages as configured.
  [[nodiscard]] BatchSize batch() const;
  /// The same for a topic of so many partitions (at least 1), small enough that each of them can have two such batches among all the task may
  /// hold: larger ones would not fill before everything waits for linger.ms.
  [[nodiscard]] BatchSize batch_for(std::int32_t partitions) const;
  /// message.max.bytes: the largest message the client sends.
  [[nodiscard]] std::size_t max_message_bytes() const;
  /// topic.metadata.refresh.interval.ms; 0: never.
  [[nodiscard]] std::chrono::milliseconds refresh_interval() const;
  [[nodiscard]] const SecretMask& secrets() const { return secrets_; }

 private:
  void set(const Context& map, const std::string& name, const Context& item);
  void check_servers(const Context& config) const;
  void check_login(const Context& map) const;
  void check_token(const Context& map) const;
  [[nodiscard]] std::string get(const char* name) const;
  [[nodiscard]] std::size_t number(const char* name) const;

  const std::uint64_t memory_;  // the task's share of `memory:`, bytes
  Conf conf_;
  SecretMask secrets_;
};

}  // namespace weir::kafka
