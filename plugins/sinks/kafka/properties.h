#pragma once
#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <weir/context.hpp>

#include "secret_mask.h"

namespace weir::kafka {

struct DestroyConf {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, DestroyConf>;

/// The `config:` of a sink, checked: librdkafka's properties over our own defaults. Refused are those that load code or run commands,
/// and those that would break a promise. Reads no file and opens no connection.
class Properties {
 public:
  /// Reports every property that is refused, then throws the first ConfigError; no secret in their texts. [control]
  explicit Properties(const Context& config);

  /// A copy for one client, whose librdkafka batches hold at most so many bytes and messages.
  [[nodiscard]] Conf make_conf(std::size_t batch_bytes, std::size_t batch_messages) const;
  /// batch.size as configured.
  [[nodiscard]] std::size_t batch_bytes() const;
  /// message.max.bytes: the largest message the client sends.
  [[nodiscard]] std::size_t max_message_bytes() const;
  [[nodiscard]] const SecretMask& secrets() const { return secrets_; }

 private:
  void set(const Context& map, const std::string& name, const Context& item);
  void check_servers(const Context& config) const;
  void check_login(const Context& map) const;
  [[nodiscard]] std::string get(const char* name) const;

  Conf conf_;
  SecretMask secrets_;
};

}  // namespace weir::kafka
